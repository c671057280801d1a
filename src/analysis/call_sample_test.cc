#include "analysis/call_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace plumbago::analysis {
namespace {

std::vector<SampledCall> Calls(uint64_t traces, uint32_t calls_each) {
  std::vector<SampledCall> calls;
  for (uint64_t t = 0; t < traces; ++t) {
    for (uint32_t i = 0; i < calls_each; ++i) {
      SampledCall call;
      call.trace = t * 0x9E3779B97F4A7C15u;
      call.hash = CallSample::Hash(call.trace, i);
      call.latency_ns = static_cast<int64_t>(i);
      calls.push_back(call);
    }
  }
  return calls;
}

void AddTo(CallSample& sample, const SampledCall& call) {
  if (sample.Wanted(call.hash)) sample.Add(call);
}

TEST(CallSample, KeepsAllWhileTheyFit) {
  CallSample sample;
  for (const SampledCall& call : Calls(100, 3)) AddTo(sample, call);
  EXPECT_EQ(sample.size(), 300u);
  EXPECT_EQ(sample.level(), 0u);
}

// The largest border with which all calls fit, each call alike, in any order and any brackets.
TEST(CallSample, IsTheSameInAnyOrder) {
  std::vector<SampledCall> calls = Calls(40'000, 5);
  std::vector<SampledCall> expected;
  uint32_t level = 0;
  for (;; ++level) {
    expected.clear();
    for (const SampledCall& call : calls) {
      if (call.hash <= UINT64_MAX >> level) expected.push_back(call);
    }
    if (expected.size() <= CallSample::kMost) break;
  }
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(level, 3u);
  uint64_t places = 0;
  for (const SampledCall& call : expected) places += static_cast<uint64_t>(call.latency_ns);
  EXPECT_NEAR(static_cast<double>(places) / static_cast<double>(expected.size()), 2, 0.05);

  std::mt19937_64 random(1);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(calls.begin(), calls.end(), random);
    std::vector<CallSample> parts(1 + static_cast<size_t>(round) * 3);
    for (size_t i = 0; i < calls.size(); ++i) AddTo(parts[i * i % parts.size()], calls[i]);
    while (parts.size() > 1) {
      std::shuffle(parts.begin(), parts.end(), random);
      parts[0].Merge(parts.back());
      parts.pop_back();
    }
    EXPECT_EQ(parts[0].level(), level);
    EXPECT_EQ(parts[0].Sorted(), expected);
  }
}

}  // namespace
}  // namespace plumbago::analysis
