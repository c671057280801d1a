#include "generate/selection.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbago::generate {
namespace {

// Traces of a made-up kind: sizes with a heavy tail, some of the calls to caches.
std::vector<TraceFeatures> MakeSample(size_t count) {
  std::vector<TraceFeatures> sample(count);
  Random random(5);
  for (TraceFeatures& f : sample) {
    f[Feature::kOne] = 1;
    f[Feature::kServices] = std::floor(1 + 3 / (0.02 + random.Unit()));
    f[Feature::kCalls] = f[Feature::kServices] + random.Below(20);
    f[Feature::kCacheCalls] = std::floor(f[Feature::kCalls] * random.Unit());
    f[Feature::kPairs] = f[Feature::kCalls] * f[Feature::kCalls];
    f[Feature::kPairsSurely] = std::floor(f[Feature::kPairs] * random.Unit() * random.Unit());
  }
  return sample;
}

const std::vector<Constraint> kWishes = {
    {Constraint::kRatio, Feature::kServices, Feature::kOne, 0, 15},
    {Constraint::kRatio, Feature::kCacheCalls, Feature::kCalls, 0, 0.4},
    {Constraint::kRatio, Feature::kPairsSurely, Feature::kPairs, 0, 0.3},
    {Constraint::kAtLeast, Feature::kServices, Feature::kOne, 8, 0.5},
    {Constraint::kAtLeast, Feature::kServices, Feature::kOne, 60, 0.05},
};

// By definition: what the kept traces have, against what was wished.
double Got(const Constraint& wish, const std::vector<TraceFeatures>& kept) {
  double part = 0, whole = 0;
  for (const TraceFeatures& f : kept) {
    part += wish.form == Constraint::kAtLeast ? (f[wish.part] >= wish.from ? 1 : 0) : f[wish.part];
    whole += f[wish.whole];
  }
  return part / whole;
}

TEST(Selection, KeptTracesHaveWhatWasWished) {
  const std::vector<TraceFeatures> sample = MakeSample(20'000);
  const Selection selection = Selection::Solve(sample, kWishes, {}, 0.35);
  std::vector<TraceFeatures> kept;
  Selection::Balance balance;
  Random random(1);
  for (size_t i = 0; i < sample.size(); ++i) {
    if (selection.Keep(i, sample[i], balance, random)) kept.push_back(sample[i]);
  }
  EXPECT_NEAR(static_cast<double>(kept.size()) / 20'000, selection.kept(), 0.001);
  for (const Constraint& wish : kWishes) {
    EXPECT_GT(std::abs(Got(wish, sample) / wish.target - 1), 0.04) << "nothing to do";
    EXPECT_NEAR(Got(wish, kept), wish.target, 0.01 * wish.target);
  }
}

TEST(Selection, BehindTheSampleToo) {
  const std::vector<TraceFeatures> all = MakeSample(60'000);
  const Selection selection = Selection::Solve(
      std::vector<TraceFeatures>(all.begin(), all.begin() + 20'000), kWishes, {}, 0.35);
  std::vector<TraceFeatures> kept;
  Selection::Balance balance;
  Random random(1);
  for (size_t i = 20'000; i < all.size(); ++i) {
    if (i % 1000 == 0) balance.Clear();
    if (selection.Keep(i, all[i], balance, random)) kept.push_back(all[i]);
  }
  for (const Constraint& wish : kWishes)
    EXPECT_NEAR(Got(wish, kept), wish.target, 0.15 * wish.target);
}

TEST(Selection, TheLargestIsKept) {
  std::vector<TraceFeatures> sample = MakeSample(5'000);
  sample[4'000][Feature::kServices] = 1000;
  const Selection selection =
      Selection::Solve(sample, kWishes, {.services = 1000, .calls = 0}, 0.35);
  Selection::Balance balance;
  Random random(1);
  EXPECT_TRUE(selection.Keep(4'000, sample[4'000], balance, random));
}

}  // namespace
}  // namespace plumbago::generate
