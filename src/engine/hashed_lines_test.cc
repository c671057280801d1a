#include "engine/hashed_lines.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>
#include <random>

namespace plumbago::engine {
namespace {

struct Key {
  uint32_t service = 0;
  bool other = false;
  friend bool operator==(const Key&, const Key&) = default;
  Key Other() const { return {0, true}; }
  uint64_t Hash(const model::Names& names) const { return names.services.Hash(service); }
};
struct KeyHash {
  size_t operator()(const Key& key) const { return key.service * 2 + (key.other ? 1 : 0); }
};
struct Count {
  uint64_t count = 0;
  void Merge(const Count& other) { count += other.count; }
};
using Lines = HashedLines<Key, Count, KeyHash>;

TEST(HashedLines, WhatIsKeptIsTheSameInAnyOrder) {
  model::Names names;
  for (int i = 0; i < 100; ++i) names.services.Intern(fmt::format("s{}", i));
  std::mt19937 dice(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<uint32_t> all(600);
    for (uint32_t& one : all) one = static_cast<uint32_t>(1 + dice() % 100);
    const size_t most = 1 + dice() % 60;
    std::map<uint32_t, uint64_t> truth, first;
    for (const uint32_t one : all) ++truth[one];
    for (size_t threads = 1; threads <= 4; ++threads) {
      std::shuffle(all.begin(), all.end(), dice);
      std::vector<Lines> parts(threads, Lines(names, most));
      for (const uint32_t one : all) {
        Lines& part = parts[dice() % threads];
        ++part[{one, false}].count;
        part.Trim();
      }
      for (size_t i = 1; i < threads; ++i) parts[0].Merge(parts[i]);
      parts[0].TrimExactly();
      std::map<uint32_t, uint64_t> found;
      uint64_t sum = 0;
      for (const auto& [key, count] : parts[0].lines()) {
        found[key.other ? 0 : key.service] = count.count;
        sum += count.count;
        if (!key.other) {
          EXPECT_EQ(count.count, truth[key.service]);
        }
      }
      EXPECT_EQ(sum, all.size());
      EXPECT_EQ(found.size() - (found.contains(0) ? 1 : 0), std::min(most, truth.size()));
      if (threads == 1) first = found;
      ASSERT_EQ(found, first) << round << " " << threads;
    }
  }
}

}  // namespace
}  // namespace plumbago::engine
