#include "engine/call_tree_sums.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>
#include <random>
#include <string>

namespace plumbago::engine {
namespace {

using Sums = CallTreeSums::Sums;

class CallTreeSumsTest : public testing::Test {
 protected:
  CallTreeSumsTest() {
    for (int i = 0; i < 120; ++i) {
      services_.push_back(
          static_cast<model::ServiceId>(names_.services.Intern(fmt::format("s{:03}", i))));
      operations_.push_back(
          static_cast<model::OperationId>(names_.operations.Intern(fmt::format("o{:03}", i))));
    }
  }

  // A stack of (service, operation) numbers.
  using Stack = std::vector<std::pair<int, int>>;
  void Put(CallTreeSums& sums, const Stack& stack, int64_t time_ns) {
    CallTreeSums::Place at = CallTreeSums::Top();
    for (const auto& [service, operation] : stack) {
      at = sums.Below(at, services_[static_cast<size_t>(service)],
                      operations_[static_cast<size_t>(operation)]);
    }
    sums.Add(at, Sums{time_ns, 1, static_cast<uint64_t>(time_ns % 2)});
  }
  // A line a node, depth by blanks.
  std::string Text(const CallTreeSums& sums) const {
    std::string text;
    std::vector<size_t> depth;
    for (const MergedCall& call : sums.InOrder()) {
      depth.push_back(call.parent == graph::kNone ? 0 : depth[call.parent] + 1);
      text += fmt::format(
          "{}{} {} {} {}\n", std::string(depth.back(), ' '),
          call.other ? "(other)"
                     : fmt::format("{}/{}", names_.Text(call.service), names_.Text(call.operation)),
          call.time_ns, call.calls, call.errors);
    }
    return text;
  }
  static Sums Total(const CallTreeSums& sums) {
    Sums total;
    for (const MergedCall& call : sums.InOrder())
      total.Add({call.time_ns, call.calls, call.errors});
    return total;
  }

  model::Names names_;
  std::vector<model::ServiceId> services_;
  std::vector<model::OperationId> operations_;
};

TEST_F(CallTreeSumsTest, OneNodeAStackInTheOrderOfNames) {
  CallTreeSums sums(names_, 100, 100);
  Put(sums, {{2, 1}, {1, 1}}, 5);
  Put(sums, {{2, 1}}, 7);
  Put(sums, {{1, 3}}, 2);
  Put(sums, {{2, 1}, {1, 1}}, 10);
  Put(sums, {{2, 1}, {0, 9}, {2, 1}}, 1);
  sums.TrimExactly();
  EXPECT_EQ(Text(sums),
            "s001/o003 2 1 0\n"
            "s002/o001 7 1 1\n"
            " s000/o009 0 0 0\n"
            "  s002/o001 1 1 1\n"
            " s001/o001 15 2 1\n");
}

TEST_F(CallTreeSumsTest, WhatIsTooDeepGoesToOneNodeBelowTheLastLevel) {
  CallTreeSums sums(names_, 100, 2);
  Put(sums, {{0, 0}, {1, 1}, {2, 2}}, 3);
  Put(sums, {{0, 0}, {1, 1}, {3, 3}, {4, 4}}, 4);
  EXPECT_EQ(Text(sums), "s000/o000 0 0 0\n s001/o001 0 0 0\n  (other) 7 2 1\n");
}

TEST_F(CallTreeSumsTest, UpperLevelsAreKept) {
  CallTreeSums sums(names_, 10, 100);
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) Put(sums, {{i, 0}, {j, 1}}, 1);
  }
  sums.TrimExactly();
  size_t entries = 0, below = 0;
  for (const MergedCall& call : sums.InOrder()) {
    if (call.parent == graph::kNone && !call.other) ++entries;
    if (call.parent != graph::kNone && !call.other) ++below;
  }
  EXPECT_EQ(entries, 8u);
  EXPECT_LE(below, 2u);
  EXPECT_EQ(Total(sums).calls, 64u);
}

// Whatever the order, and however spread over threads: the same tree, and nothing is lost.
TEST_F(CallTreeSumsTest, TheBoundedTreeIsTheSameInAnyOrder) {
  std::mt19937 dice(7);
  for (int round = 0; round < 60; ++round) {
    std::vector<std::pair<Stack, int64_t>> all;
    const int wide = 1 + static_cast<int>(dice() % 12);
    for (int i = 0; i < 400; ++i) {
      Stack stack;
      const size_t depth = 1 + dice() % 6;
      for (size_t k = 0; k < depth; ++k)
        stack.emplace_back(dice() % static_cast<unsigned>(wide), dice() % 2);
      all.emplace_back(stack, dice() % 1000);
    }
    const auto bound = static_cast<uint32_t>(1 + dice() % 120);
    std::string first;
    for (int way = 0; way < 4; ++way) {
      std::shuffle(all.begin(), all.end(), dice);
      const size_t threads = 1 + static_cast<size_t>(way);
      std::vector<CallTreeSums> parts(threads, CallTreeSums(names_, bound, 5));
      for (size_t i = 0; i < all.size(); ++i) {
        CallTreeSums& part = parts[dice() % threads];
        Put(part, all[i].first, all[i].second);
        part.Trim();
      }
      for (size_t i = 1; i < threads; ++i) parts[0].Merge(parts[i]);
      parts[0].TrimExactly();
      int64_t time = 0;
      for (const auto& [stack, ns] : all) time += ns;
      EXPECT_EQ(Total(parts[0]).time_ns, time);
      EXPECT_EQ(Total(parts[0]).calls, all.size());
      size_t kept = 0;
      for (const MergedCall& call : parts[0].InOrder()) kept += call.other ? 0 : 1;
      EXPECT_LE(kept, bound);
      if (way == 0) first = Text(parts[0]);
      ASSERT_EQ(Text(parts[0]), first) << "round " << round << ", " << threads << " threads";
    }
  }
}

// Many stacks have the same rank: of those none or all are kept, also where a thread that has seen
// one of them meets one that has dropped them.
TEST_F(CallTreeSumsTest, RanksThatManyStacksShareAreCutAsOne) {
  std::vector<Stack> all;
  for (int i = 0; i < 120; ++i) {
    for (int j = 0; j < 100; ++j) all.push_back({{i, 0}, {j, 1}});
  }
  CallTreeSums busy(names_, 5000, 5);
  for (const Stack& stack : all) Put(busy, stack, 1);
  busy.TrimExactly();
  size_t kept = 0;
  for (const MergedCall& call : busy.InOrder()) kept += call.other ? 0 : 1;
  ASSERT_LT(kept, 5000u);  // there is room for one more, but not for all of the next rank
  std::mt19937 dice(9);
  for (int round = 0; round < 100; ++round) {
    const Stack& stack = all[dice() % all.size()];
    CallTreeSums expected = busy;
    Put(expected, stack, 7);
    CallTreeSums idle(names_, 5000, 5);
    Put(idle, stack, 7);
    idle.Merge(busy);
    idle.TrimExactly();
    ASSERT_TRUE(Text(idle) == Text(expected)) << round;
  }
}

}  // namespace
}  // namespace plumbago::engine
