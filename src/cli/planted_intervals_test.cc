// A 95 % interval holds the planted truth in 88 to 100 % of 50 seeds: in fewer it is too sure.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>

#include "cli/testing/planted_run.h"
#include "render/quantity.h"

namespace plumbago::cli {
namespace {

using generate::Plants;
using testing::PlantedRun;
using testing::TextOf;

constexpr uint64_t kSeeds = 50;
constexpr uint64_t kLeastHeld = 44;

generate::TraceOptions Options(const char* format, const Plants& plants, bool resources,
                               uint64_t seed) {
  generate::TraceOptions options;
  options.rows = 20'000;
  options.seed = seed;
  options.services = 60;
  options.threads = 1;
  options.plants = plants;
  options.resources = resources;
  options.format = *formats::FindFormat(format);
  return options;
}

struct Coverage {
  uint64_t told = 0, held = 0;
  double sum = 0, squares = 0, width = 0;

  void Add(double truth, double value, double low, double high) {
    ++told;
    held += low <= truth && truth <= high;
    sum += value;
    squares += value * value;
    width += high - low;
  }
  double mean() const { return sum / static_cast<double>(told); }
  // Of the mean.
  double error() const {
    const auto n = static_cast<double>(told);
    return std::sqrt((squares / n - mean() * mean()) / (n - 1));
  }
  void Print(const char* what) const {
    fmt::print("  {}: held in {} of {}; mean {:.4f} +- {:.4f}, mean width {:.4f}\n", what, held,
               told, mean(), error(), width / static_cast<double>(told));
  }
};

// A row of the table of effects: state, change for ten points, low, high stand behind the names.
void AddEffect(const PlantedRun& run, const char* predictor, double truth, Coverage& coverage) {
  for (const auto& row : run.Rows("interference", "effects")) {
    if (TextOf(row[0]) != "own time of calls" || TextOf(row[1]) != predictor) continue;
    const auto value = render::Number(row[3]), low = render::Number(row[4]),
               high = render::Number(row[5]);
    if (value && low && high) coverage.Add(truth, *value, *low, *high);
  }
}

TEST(PlantedIntervals, EffectOfTheHostsCpu) {
  for (const char* format : {"csv", "alibaba-2022"}) {
    for (const double cpu : {0.0, 0.02}) {
      Coverage of_cpu, of_memory;
      for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Plants plants{.cpu = cpu, .given = true};
        const PlantedRun run =
            testing::RunPlanted(Options(format, plants, true, seed), {"interference"});
        AddEffect(run, "CPU of the host", 10 * cpu, of_cpu);
        AddEffect(run, "memory of the host", 0, of_memory);
      }
      of_cpu.Print(fmt::format("{}, CPU, planted {}", format, 10 * cpu).c_str());
      of_memory.Print(fmt::format("{}, memory, planted 0", format).c_str());
      EXPECT_EQ(of_cpu.told, kSeeds);
      EXPECT_EQ(of_memory.told, kSeeds);
      EXPECT_NEAR(of_cpu.mean(), 10 * cpu, 4 * of_cpu.error());
      EXPECT_GE(of_cpu.held, kLeastHeld);
      EXPECT_GE(of_memory.held, kLeastHeld);
    }
  }
}

TEST(PlantedIntervals, ShiftAcrossClusters) {
  for (const uint32_t clusters : {2, 4}) {
    Coverage shift;
    for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const PlantedRun run = testing::RunPlanted(
          Options("alibaba-2022", {.clusters = clusters}, false, seed), {"placement"});
      for (const auto& row : run.Rows("placement", "placement")) {
        const auto value = render::Number(row[5]), low = render::Number(row[6]),
                   high = render::Number(row[7]);
        if (TextOf(row[0]) == "cluster" && value && low && high) {
          shift.Add(static_cast<double>(generate::kAcrossUs) / 1000, *value / 1e6, *low / 1e6,
                    *high / 1e6);
        }
      }
    }
    shift.Print(fmt::format("{} clusters, shift in ms", clusters).c_str());
    EXPECT_EQ(shift.told, kSeeds);
    EXPECT_GE(shift.held, kLeastHeld);
    EXPECT_NEAR(shift.mean(), static_cast<double>(generate::kAcrossUs) / 1000, 4 * shift.error());
  }
}

// Clocks of whole milliseconds bound what overlaps; at the generator's microseconds it lies
// between.
TEST(PlantedIntervals, ParallelCalls) {
  uint64_t held = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const PlantedRun run =
        testing::RunPlanted(Options("csv", {.parallel = 0.4}, false, seed), {"parallelism"});
    const generate::Counts& counts = run.truth().counts();
    const auto pairs = static_cast<double>(counts.sibling_pairs);
    const double exact = static_cast<double>(counts.pairs_overlapping_exact) / pairs;
    const auto surely = run.Headline("parallelism", "pairs_parallel_surely");
    const auto possibly = run.Headline("parallelism", "pairs_parallel_possibly");
    ASSERT_TRUE(surely && possibly);
    held += *surely <= exact && exact <= *possibly;
    EXPECT_DOUBLE_EQ(*surely, static_cast<double>(counts.pairs_overlapping) / pairs);
    EXPECT_NEAR(
        *run.Headline("parallelism", "effective_parallelism"),
        static_cast<double>(counts.siblings_ms) / static_cast<double>(counts.siblings_union_ms),
        1e-12);
  }
  EXPECT_EQ(held, kSeeds);
}

}  // namespace
}  // namespace plumbago::cli
