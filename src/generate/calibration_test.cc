// The generated traces have the published shape: docs/design/0005-generator.md holds what is measured, this the
// bounds within which it must stay, for every seed tried.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "generate/generate_traces.h"
#include "generate/testing/plain_encoder.h"

namespace plumbago::generate {
namespace {

double Share(uint64_t part, uint64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

GeneratedTraces Make(const Shape& shape, uint64_t seed, uint64_t rows) {
  TraceOptions options;
  options.rows = rows;
  options.seed = seed;
  const testing::PlainEncoder encoder;
  auto made = GenerateTraces(options, shape, encoder, [](std::string_view) -> Result<void> { return {}; });
  CHECK(made.has_value());
  return std::move(*made);
}

TEST(Calibration, Traces2021) {
  for (const uint64_t seed : {1, 2, 3}) {
    const GeneratedTraces made = Make(Shape2021(), seed, 400'000);
    const Truth& truth = made.truth;
    const Counts& c = truth.counts();
    // SoCC'21 Fig. 3(a): about 10 % of the graphs have more than 40 services; most are small.
    EXPECT_NEAR(Share(truth.services_per_trace().Over(40), c.traces), 0.10, 0.03) << seed;
    EXPECT_LE(truth.services_per_trace().Quantile(0.5), 10u) << seed;
    // MSCallGraph_0: 42 to 47 rows a trace; Erms: 13.6 nodes.
    EXPECT_NEAR(Share(c.rows, c.traces), 45, 10) << seed;
    EXPECT_NEAR(truth.services_per_trace().Mean(), 15, 4) << seed;
    // SoCC'21: rpc and http 76 %, messages 23 %, in-process 1 %, between stateless services.
    uint64_t stateless = 0;
    for (const uint64_t calls : c.stateless_by_kind) stateless += calls;
    const auto of = [&](model::Kind kind) { return Share(c.stateless_by_kind[static_cast<size_t>(kind)], stateless); };
    EXPECT_NEAR(of(model::Kind::kRpc) + of(model::Kind::kHttp), 0.76, 0.06) << seed;
    EXPECT_NEAR(of(model::Kind::kMessage), 0.23, 0.06) << seed;
    EXPECT_NEAR(of(model::Kind::kOther), 0.01, 0.01) << seed;
    // Erms: caches .49 to .72 of the calls by depth, .53 in all; databases .10.
    EXPECT_NEAR(Share(c.calls_by_kind[static_cast<size_t>(model::Kind::kCache)], c.calls), 0.50, 0.08) << seed;
    EXPECT_NEAR(Share(c.calls_by_kind[static_cast<size_t>(model::Kind::kDatabase)], c.calls), 0.09, 0.04) << seed;
    // Samples: 40 to 50 % of two-row calls without network time.
    EXPECT_NEAR(Share(c.no_network, c.two_row_calls), 0.46, 0.08) << seed;
    // CallGraph_0 of 2022: 15.5 % of rpc sibling pairs that took time overlap.
    EXPECT_NEAR(Share(c.rpc_pairs_overlapping, c.rpc_pairs), 0.17, 0.13) << seed;
  }
}

TEST(Calibration, System) {
  const System system(Shape2021(), 20'000, 1);
  EXPECT_NEAR(static_cast<double>(system.edges().size()), 60'000, 4'000);
  // Every service is called or is called upon by users, most by one other.
  std::vector<uint32_t> callers(20'000);
  std::vector<bool> used(20'000);
  for (const Edge& edge : system.edges()) {
    ++callers[edge.callee];
    used[edge.callee] = used[edge.caller] = true;
  }
  for (const Entry& entry : system.entries()) used[system.interfaces()[entry.interface].service] = true;
  EXPECT_EQ(std::count(used.begin(), used.end(), true), 20'000);
  EXPECT_GT(std::count(callers.begin(), callers.end(), 1u), 10'000);
  // SoCC'21: about 5 % of the services have 16 callers or more.
  const auto hot = std::count_if(callers.begin(), callers.end(), [](uint32_t n) { return n >= 16; });
  EXPECT_NEAR(static_cast<double>(hot) / 20'000, 0.05, 0.015);
  // Walks end: an interface calls only interfaces of deeper tiers, or those that call nothing.
  for (const Interface& interface : system.interfaces()) {
    for (uint32_t s = interface.first_site; s < interface.first_site + interface.sites; ++s) {
      const Interface& target = system.interfaces()[system.sites()[s].interface];
      ASSERT_TRUE(target.tier > interface.tier || target.sites == 0);
      ASSERT_EQ(system.edges()[system.sites()[s].edge].caller, interface.service);
      ASSERT_EQ(system.edges()[system.sites()[s].edge].callee, target.service);
    }
  }
}

TEST(Calibration, EntriesAreDrawnByWeight) {
  const System system(Shape2021(), 2'000, 4);
  Random random(1);
  std::vector<uint64_t> drawn(system.entries().size());
  constexpr uint64_t kDrawn = 1'000'000;
  for (uint64_t i = 0; i < kDrawn; ++i) ++drawn[system.DrawEntry(random)];
  for (size_t i = 0; i < drawn.size(); ++i) {
    const double expected = system.entries()[i].weight * kDrawn;
    EXPECT_NEAR(static_cast<double>(drawn[i]), expected, 6 * std::sqrt(expected) + 1) << i;
  }
}

TEST(Calibration, ExpectedCallsOfAnEdgeAreTheMean) {
  const System system(Shape2021(), 500, 9);
  TraceOptions options;
  options.rows = 2'000'000;
  options.services = 500;
  options.seed = 9;
  const testing::PlainEncoder encoder;
  auto run = GenerateTraces(options, Shape2021(), encoder, [](std::string_view) -> Result<void> { return {}; });
  ASSERT_TRUE(run.has_value());
  double expected = 0;
  for (const Edge& edge : system.edges()) expected += edge.expected;
  const Counts& c = run->truth.counts();
  EXPECT_NEAR(static_cast<double>(c.calls - c.traces) / static_cast<double>(c.traces), expected, 0.08 * expected);
}

TEST(DrawTable, IsTheDistribution) {
  EXPECT_NEAR(NormalQuantile(0.975), 1.959964, 1e-6);
  EXPECT_NEAR(NormalQuantile(0.01), -2.326348, 1e-6);
  EXPECT_NEAR(NormalQuantile(0.5), 0, 1e-9);
  const DrawTable spread = DrawTable::LogNormal(1);
  EXPECT_NEAR(spread.value[kDraws / 2], 1, 0.01);
  EXPECT_NEAR(spread.value[kDraws * 84 / 100], 2.718, 0.05);
  const DrawTable loop = DrawTable::Pareto(2, 1.5);
  EXPECT_NEAR(loop.value[0], 2, 0.01);
  EXPECT_NEAR(loop.value[kDraws * 9 / 10], 2 * std::pow(10, 1 / 1.5), 0.1);
}

}  // namespace
}  // namespace plumbago::generate
