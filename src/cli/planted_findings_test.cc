// What was planted is found, and nothing that was not: 20 seeds, each plant alone, all together,
// and none. Findings count as false if they point at a place where nothing of the kind was planted.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <set>
#include <string>
#include <tuple>

#include "cli/testing/planted_run.h"

namespace plumbago::cli {
namespace {

using generate::Plant;
using generate::Plants;
using testing::PlantedRun;
using testing::TextOf;

constexpr uint64_t kSeeds = 20;

const std::vector<std::string> kAnalyses = {"cycles",  "placement",         "repeated-calls",
                                            "retries", "could-be-parallel", "interference"};

PlantedRun Run(const Plants& plants, uint64_t seed, uint64_t rows, const char* format) {
  generate::TraceOptions options;
  options.rows = rows;
  options.seed = seed;
  options.services = 60;
  options.threads = 1;
  options.plants = plants;
  options.plants.given = true;
  options.resources = true;
  options.format = *formats::FindFormat(format);
  return testing::RunPlanted(options, kAnalyses);
}

// A call site as a report names it: caller, callee, operation.
using Place = std::tuple<std::string, std::string, std::string>;

struct SitesOf {
  std::set<Place> used;   // any
  std::set<Place> plain;  // with so many runs or failures that it must be found
};

SitesOf Planted(const PlantedRun& run, Plant plant) {
  SitesOf sites;
  const generate::System& system = run.system();
  const model::Names& names = system.names();
  for (const auto& [number, tally] : run.truth().planted().sites()) {
    const generate::Site& site = system.sites()[number];
    if (site.plant != plant) continue;
    const generate::Edge& edge = system.edges()[site.edge];
    const Place place(names.Text(system.services()[edge.caller].name),
                      names.Text(system.services()[edge.callee].name),
                      names.Text(system.interfaces()[site.interface].operation));
    sites.used.insert(place);
    const bool plain = plant == Plant::kRetry ? tally.failed >= 20 : tally.runs >= 20;
    if (plain) sites.plain.insert(place);
  }
  return sites;
}

// Operations of interfaces whose calls need not wait for each other, as planted.
std::set<std::string> FreeCallers(const PlantedRun& run) {
  std::set<std::string> free;
  for (const generate::Interface& interface : run.system().interfaces()) {
    if (interface.plan == generate::Plan::kSequence) continue;
    free.insert(std::string(run.system().names().Text(interface.operation)));
  }
  return free;
}

struct Count {
  uint64_t found = 0;  // places, or runs whose finding is supported
  uint64_t missed = 0;
  uint64_t wrong = 0;
  uint64_t supported = 0;  // runs, of places
};

struct Score {
  Count loops, retries, cycles, siblings, clusters, cpu;
  // Of what is seen or not. By chance, 2.5 % of the intervals and tests of what was not planted lie
  // beyond 0 (clusters, cpu).
  uint64_t wrong() const { return loops.wrong + retries.wrong + cycles.wrong + siblings.wrong; }
  uint64_t by_chance() const { return clusters.wrong + cpu.wrong; }
};

void Compare(const SitesOf& planted, const std::set<Place>& reported, Count& count) {
  for (const Place& place : reported) {
    if (planted.used.contains(place)) {
      ++count.found;
    } else {
      ++count.wrong;
      ADD_FAILURE() << "not planted: " << std::get<0>(place) << " " << std::get<1>(place) << " "
                    << std::get<2>(place);
    }
  }
  for (const Place& place : planted.plain) count.missed += !reported.contains(place);
}

void CompareVerdict(bool planted, bool supported, Count& count) {
  count.found += planted && supported;
  count.missed += planted && !supported;
  count.wrong += !planted && supported;
}

void Judge(const PlantedRun& run, const Plants& plants, Score& score) {
  std::set<Place> loops, retries;
  for (const auto& row : run.Rows("repeated-calls", "loops_of_calls")) {
    loops.emplace(TextOf(row[0]), TextOf(row[2]), TextOf(row[3]));
  }
  for (const auto& row : run.Rows("retries", "retried_calls")) {
    retries.emplace(TextOf(row[0]), TextOf(row[1]), TextOf(row[2]));
  }
  Compare(Planted(run, Plant::kNPlus1), loops, score.loops);
  Compare(Planted(run, Plant::kRetry), retries, score.retries);
  // A table tells of a single loop, too; a finding needs an interval of what it saves, and time
  // that the clock shows.
  const auto agrees = [&](const char* finding, const std::set<Place>& places, Count& count) {
    const bool supported = run.Supports(finding);
    EXPECT_LE(supported, !places.empty()) << finding;
    count.supported += supported;
    for (const document::Finding& one : run.Findings(finding)) {
      EXPECT_FALSE(one.verdict == document::Verdict::kContradicted && !places.empty()) << finding;
    }
  };
  agrees("repeated-calls", loops, score.loops);
  agrees("retries", retries, score.retries);

  // A strong cycle comes back to the same interface; exact.
  CompareVerdict(!Planted(run, Plant::kStrongCycle).used.empty(), run.Supports("strong-cycles"),
                 score.cycles);
  EXPECT_EQ(*run.Headline("cycles", "cyclic"),
            static_cast<double>(run.truth().counts().traces_with_cycle) /
                static_cast<double>(run.truth().counts().traces));

  const std::set<std::string> free = FreeCallers(run);
  for (const auto& row : run.Rows("could-be-parallel", "independent_siblings")) {
    score.siblings.wrong += !free.contains(TextOf(row[1]));
  }
  const bool siblings = run.Supports("could-be-parallel");
  score.siblings.found += plants.independent > 0 && siblings;
  score.siblings.missed += plants.independent > 0 && !siblings;

  CompareVerdict(plants.clusters > 0, run.Supports("cross-cluster-latency"), score.clusters);
  CompareVerdict(plants.cpu > 0, run.Supports("cpu-over-memory"), score.cpu);
  // With or without clusters: hosts make no difference of their own, but those of another cluster
  // are other hosts.
  score.clusters.wrong += plants.clusters == 0 && run.Supports("cross-host-latency");
}

// csv says which calls failed; alibaba-2022 has no status, and shorter calls, so that what clusters
// add to them shows sooner.
Score Judge(const Plants& plants, uint64_t rows = 20'000, const char* format = "csv") {
  Score score;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed)
    Judge(Run(plants, seed, rows, format), plants, score);
  const auto print = [](const char* name, const Count& count) {
    if (count.found + count.missed + count.wrong == 0) return;
    fmt::print("  {}: found {}, missed {}, false {}\n", name, count.found, count.missed,
               count.wrong);
  };
  print("loops", score.loops);
  print("retries", score.retries);
  print("strong cycles", score.cycles);
  print("independent siblings", score.siblings);
  print("clusters, hosts", score.clusters);
  print("cpu", score.cpu);
  EXPECT_EQ(score.wrong(), 0u);
  EXPECT_LE(score.by_chance(), kSeeds / 10);
  return score;
}

TEST(PlantedFindings, NothingPlantedNothingFound) { Judge({}); }

TEST(PlantedFindings, NPlus1) {
  const Score score = Judge({.n_plus_1 = 0.05});
  EXPECT_GT(score.loops.found, kSeeds);
  EXPECT_GE(score.loops.supported, kSeeds - 2);
  EXPECT_EQ(score.loops.missed, 0u);
}

TEST(PlantedFindings, Retries) {
  const Score score = Judge({.retry = 0.05});
  EXPECT_GT(score.retries.found, kSeeds);
  EXPECT_GE(score.retries.supported, kSeeds - 2);
  EXPECT_EQ(score.retries.missed, 0u);
}

TEST(PlantedFindings, Cycles) {
  const Score score = Judge({.cycles = 0.1});
  EXPECT_GT(score.cycles.found, kSeeds / 2);
  EXPECT_EQ(score.cycles.missed, 0u);
}

TEST(PlantedFindings, ParallelCallersAreNoSequentialOnes) { Judge({.parallel = 0.3}); }

TEST(PlantedFindings, IndependentCalls) {
  const Score score = Judge({.independent = 0.5});
  EXPECT_EQ(score.siblings.found, kSeeds);
}

TEST(PlantedFindings, Cpu) {
  const Score score = Judge({.cpu = 0.02});
  EXPECT_EQ(score.cpu.found, kSeeds);
}

TEST(PlantedFindings, Clusters) {
  for (const uint32_t clusters : {2, 3}) {
    const Score score = Judge({.clusters = clusters}, 20'000, "alibaba-2022");
    EXPECT_EQ(score.clusters.found, kSeeds);
  }
}

TEST(PlantedFindings, AllTogether) {
  Plants plants{.parallel = 0.3,
                .independent = 0.3,
                .n_plus_1 = 0.02,
                .retry = 0.02,
                .cycles = 0.02,
                .cpu = 0.02,
                .clusters = 2};
  for (const char* format : {"csv", "alibaba-2022"}) {
    const bool status = format == std::string("csv");
    if (!status) plants.retry = 0;
    const Score score = Judge(plants, 40'000, format);
    EXPECT_EQ(score.loops.missed, 0u);
    EXPECT_EQ(score.retries.missed, 0u);
    EXPECT_EQ(score.cycles.missed, 0u);
    EXPECT_EQ(score.cpu.missed, 0u);
    // By a clock of 1 ms the short calls of 2022 often begin at once; the long ones of the other
    // shape hide what clusters add.
    // (Seen: 3 of 20 and 5 of 20. The runs are the same every time; one more is for other
    // rounding.)
    EXPECT_LE(score.siblings.missed, status ? 0u : 4u);
    EXPECT_LE(score.clusters.missed, status ? 6u : 0u);
  }
}

}  // namespace
}  // namespace plumbago::cli
