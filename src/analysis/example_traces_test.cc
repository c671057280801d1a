#include "analysis/example_traces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/testing/dice.h"

namespace plumbago::analysis {
namespace {

using model::TraceId;

// The smallest hashes, each trace once, however they come and merge.
TEST(ExampleTraces, AreTheSameInAnyOrder) {
  Dice dice(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<TraceId> all;
    for (auto i = dice.Below(12); i > 0; --i) {
      all.push_back(TraceId::Parse(dice.Below(4) == 0 ? "odd id " + std::to_string(dice.Below(20))
                                                      : "T_" + std::to_string(dice.Below(20))));
    }
    std::set<std::pair<uint64_t, TraceId>> distinct;
    for (const TraceId& id : all) distinct.emplace(id.Hash(), id);
    std::vector<std::string> wanted;
    for (const auto& [hash, id] : distinct) {
      if (wanted.size() < 3) wanted.push_back(id.Text());
    }
    ExampleTraces<3> one;
    ExampleTraces<3> other;
    for (const TraceId& id : all) (dice.Below(2) == 0 ? one : other).Offer(id);
    one.Merge(other);
    EXPECT_EQ(one.Texts(), wanted);

    std::string bytes;
    one.Save(bytes);
    statistics::StateReader in(bytes);
    ExampleTraces<3> loaded;
    ASSERT_TRUE(loaded.Load(in));
    EXPECT_EQ(in.remaining(), 0u);
    EXPECT_EQ(loaded.Texts(), wanted);
  }
}

TEST(ExampleTraces, DamagedBytesAreRefused) {
  for (const std::string& bytes :
       {std::string("\x04"), std::string("\x01"), std::string("\x02\x01z\x01z")}) {
    statistics::StateReader in(bytes);
    ExampleTraces<3> loaded;
    EXPECT_FALSE(loaded.Load(in));
  }
}

}  // namespace
}  // namespace plumbago::analysis
