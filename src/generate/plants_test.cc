// What --plant plants, found again the slow way in the rows; and nothing of the kinds beside.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "generate/testing/plain_encoder.h"

namespace plumbago::generate {
namespace {

using testing::Generated;
using testing::ParentOf;
using testing::PlainRow;

Generated Planted(const Plants& plants, uint64_t seed) {
  TraceOptions options;
  options.rows = 60'000;
  options.seed = seed;
  options.threads = 2;
  options.services = 300;
  options.plants = plants;
  return testing::Generate(options, WithPlants(Shape2021(), plants));
}

// The calls of all traces: by trace and path.
using Calls = std::map<std::string, std::map<std::string, PlainRow>>;

Calls CallsOf(const Generated& made) {
  Calls calls;
  for (const PlainRow& row : made.rows) {
    PlainRow& call = calls[row.trace].emplace(row.path, row).first->second;
    if (row.client) call = row;  // as the caller saw it
  }
  return calls;
}

// Runs of a caller, each with its calls by start; messages apart.
void ForEachRun(
    const Calls& calls,
    const std::function<void(const PlainRow& caller, const std::vector<PlainRow>&)>& f) {
  for (const auto& [trace, by_path] : calls) {
    std::map<std::string, std::vector<PlainRow>> below;
    for (const auto& [path, call] : by_path) {
      if (call.kind != "message") below[ParentOf(path)].push_back(call);
    }
    for (auto& [path, made] : below) {
      const auto caller = by_path.find(path);
      if (caller == by_path.end()) continue;
      // By number: the order in which they were made.
      std::stable_sort(made.begin(), made.end(), [](const PlainRow& a, const PlainRow& b) {
        return std::stoull(a.path.substr(a.path.rfind('.') + 1)) <
               std::stoull(b.path.substr(b.path.rfind('.') + 1));
      });
      f(caller->second, made);
    }
  }
}

bool HasCycle(const std::map<std::string, PlainRow>& trace) {
  std::map<std::string, std::set<std::string>> edges;
  for (const auto& [path, call] : trace) {
    if (!call.caller.empty()) edges[call.caller].insert(call.callee);
  }
  std::map<std::string, int> state;
  const std::function<bool(const std::string&)> visit = [&](const std::string& at) {
    state[at] = 1;
    for (const std::string& next : edges[at]) {
      if (state[next] == 1 || (state[next] == 0 && visit(next))) return true;
    }
    state[at] = 2;
    return false;
  };
  for (const auto& [from, to] : std::map(edges)) {
    if (state[from] == 0 && visit(from)) return true;
  }
  return false;
}

uint64_t TracesWithCycle(const Calls& calls) {
  return static_cast<uint64_t>(std::count_if(
      calls.begin(), calls.end(), [](const auto& trace) { return HasCycle(trace.second); }));
}

uint64_t LongLoops(const Calls& calls) {
  uint64_t loops = 0;
  ForEachRun(calls, [&](const PlainRow&, const std::vector<PlainRow>& made) {
    std::map<std::pair<std::string, std::string>, int> times;
    for (const PlainRow& call : made) ++times[{call.callee, call.operation}];
    for (const auto& [what, count] : times) loops += count >= 5;
  });
  return loops;
}

// Pairs of callees of one interface that were seen in both orders.
uint64_t PairsInBothOrders(const Calls& calls) {
  using What = std::tuple<std::string, std::string>;
  std::map<std::tuple<What, What, What>, uint64_t> before;
  ForEachRun(calls, [&](const PlainRow& caller, const std::vector<PlainRow>& made) {
    // Without an operation several interfaces of a service look like one.
    if (caller.operation.empty()) return;
    std::map<What, int> times;
    for (const PlainRow& call : made) ++times[{call.callee, call.operation}];
    for (size_t i = 0; i < made.size(); ++i) {
      const What a{made[i].callee, made[i].operation};
      for (size_t j = i + 1; j < made.size() && times[a] == 1; ++j) {
        const What b{made[j].callee, made[j].operation};
        if (times[b] == 1) ++before[{What{caller.callee, caller.operation}, a, b}];
      }
    }
  });
  uint64_t pairs = 0;
  for (const auto& [key, count] : before) {
    const auto& [caller, a, b] = key;
    pairs += a < b && before.contains({caller, b, a});
  }
  return pairs;
}

uint64_t Failed(const Calls& calls) {
  uint64_t failed = 0;
  for (const auto& [trace, by_path] : calls) {
    for (const auto& [path, call] : by_path) failed += call.failed;
  }
  return failed;
}

uint64_t Sum(const Generated& made, const std::set<Plant>& plants,
             uint64_t PlantedTally::Site::* what, const System& system) {
  uint64_t sum = 0;
  for (const auto& [number, site] : made.truth().planted().sites()) {
    if (plants.contains(system.sites()[number].plant)) sum += site.*what;
  }
  return sum;
}

System SystemOf(const Plants& plants, uint64_t seed) {
  return System(WithPlants(Shape2021(), plants), 300, seed);
}

TEST(Plants, OneKindAloneBringsNoOther) {
  for (const uint64_t seed : {1, 2, 3}) {
    const Plants plants{.n_plus_1 = 0.05};
    const Generated made = Planted(plants, seed);
    const Calls calls = CallsOf(made);
    EXPECT_EQ(TracesWithCycle(calls), 0u);
    EXPECT_EQ(Failed(calls), 0u);
    EXPECT_EQ(PairsInBothOrders(calls), 0u);
    EXPECT_EQ(made.truth().counts().callers_overlapping, 0u);
  }
}

TEST(Plants, LoopsAreAsManyAsPlanted) {
  for (const uint64_t seed : {1, 2, 3}) {
    const Plants plants{.n_plus_1 = 0.05};
    const Generated made = Planted(plants, seed);
    const System system = SystemOf(plants, seed);
    const uint64_t runs = Sum(made, {Plant::kNPlus1}, &PlantedTally::Site::runs, system);
    const uint64_t found = LongLoops(CallsOf(made));
    EXPECT_GT(runs, 100u);
    // Two planted sites of one interface may lead to the same leaf: one loop, to the eye.
    EXPECT_LE(found, runs);
    EXPECT_GE(found, runs - runs / 50);
    EXPECT_GE(Sum(made, {Plant::kNPlus1}, &PlantedTally::Site::calls, system), 5 * runs);
  }
}

TEST(Plants, CyclesAreAsManyAsPlanted) {
  for (const uint64_t seed : {1, 2, 3}) {
    const Plants plants{.cycles = 0.05};
    const Generated made = Planted(plants, seed);
    const Calls calls = CallsOf(made);
    EXPECT_GT(made.truth().counts().traces_with_cycle, 50u);
    EXPECT_EQ(TracesWithCycle(calls), made.truth().counts().traces_with_cycle);
    EXPECT_EQ(LongLoops(calls), 0u);
  }
}

TEST(Plants, FailuresAreAsManyAsPlantedAndMadeAgain) {
  for (const uint64_t seed : {1, 2, 3}) {
    const Plants plants{.retry = 0.1};
    const Generated made = Planted(plants, seed);
    const Calls calls = CallsOf(made);
    const System system = SystemOf(plants, seed);
    const uint64_t failed = Sum(made, {Plant::kRetry}, &PlantedTally::Site::failed, system);
    EXPECT_GT(failed, 50u);
    EXPECT_EQ(Failed(calls), failed);
    // The next call of the caller is the same again.
    ForEachRun(calls, [&](const PlainRow&, const std::vector<PlainRow>& run) {
      for (size_t i = 0; i < run.size(); ++i) {
        if (!run[i].failed) continue;
        ASSERT_LT(i + 1, run.size());
        EXPECT_EQ(run[i + 1].callee, run[i].callee);
        EXPECT_EQ(run[i + 1].operation, run[i].operation);
      }
    });
  }
}

TEST(Plants, IndependentCallsComeInBothOrders) {
  EXPECT_GT(PairsInBothOrders(CallsOf(Planted({.independent = 0.5}, 1))), 20u);
  EXPECT_EQ(Planted({.independent = 0.5}, 1).truth().counts().callers_overlapping, 0u);
}

TEST(Plants, ParallelCallersOverlap) {
  const Generated made = Planted({.parallel = 0.5}, 1);
  const Counts& counts = made.truth().counts();
  EXPECT_GT(counts.callers_not_sequential, counts.callers_with_siblings / 5);
}

TEST(Plants, AreParsed) {
  const Result<Plants> plants = ParsePlants("parallel=0.3,n-plus-1=0.01");
  ASSERT_TRUE(plants);
  EXPECT_EQ(plants->parallel, 0.3);
  EXPECT_EQ(plants->n_plus_1, 0.01);
  EXPECT_EQ(plants->retry, 0);
  EXPECT_EQ(
      ParsePlants("luck=1").error().message,
      "--plant takes parallel=, independent=, n-plus-1=, retry=, cycles=, cpu= and clusters=, "
      "separated by commas; not luck=1");
  EXPECT_FALSE(ParsePlants("retry=0.6"));
  EXPECT_FALSE(ParsePlants("retry=0.1,retry=0.1"));
  EXPECT_EQ(ParsePlants("cpu=0.02,clusters=3")->cpu, 0.02);
  EXPECT_EQ(ParsePlants("cpu=0.02,clusters=3")->clusters, 3u);
  EXPECT_EQ(ParsePlants("cpu=0.06").error().message,
            "--plant cpu is a share from 0 to 0.05, not 0.06");
  EXPECT_EQ(ParsePlants("clusters=1").error().message,
            "--plant clusters is a number from 2 to 64, not 1");
  EXPECT_FALSE(ParsePlants("clusters=2.5"));
  // Asked for, and nothing of it: a system without loops, cycles and the like.
  EXPECT_TRUE(ParsePlants("cycles=0")->any());
}

}  // namespace
}  // namespace plumbago::generate
