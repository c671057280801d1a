#include "analysis/retries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "analysis/timed_trace.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;
using model::Kind;
using model::Status;

Facts FactsOf(const model::Names& names) {
  Facts facts;
  facts.names = &names;
  return facts;
}

// `caller` calls `callee` until it succeeds, `most` times at most, 10 ms apart. Returns the time
// before the last attempt, in ms.
int64_t CallUntilDone(TimedTrace& trace, uint32_t caller, const char* callee, double fails,
                      int most, std::mt19937_64& random, int64_t start_ms = 0) {
  std::uniform_real_distribution<double> chance(0, 1);
  int64_t lost = 0;
  for (int attempt = 1;; ++attempt) {
    const bool failed = chance(random) < fails;
    trace.Call(caller, callee, "get", (start_ms + lost) * 1000, 8000, Kind::kRpc,
               failed ? Status::kError : Status::kOk);
    if (!failed || attempt == most) return lost;
    lost += 10;
  }
}

TEST(Retries, WithoutAStatusItCannotSay) {
  model::Names names;
  Retries::State state;
  TimedTrace trace(names, 1);
  const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 100'000);
  trace.Call(gate, "cart", "get", 0, 1000);
  trace.Call(gate, "cart", "get", 5000, 1000);
  Retries::Observe(state, trace.Graph(), FactsOf(names));
  const auto section = Retries::Conclude(state, FactsOf(names));
  EXPECT_EQ(section.findings.at(0).verdict, Verdict::kCannotSay);
  EXPECT_NE(section.findings[0].reason.find("no call has a status"), std::string::npos);
  EXPECT_FALSE(section.headline.at(0).value);
}

TEST(Retries, CountsAttemptsPerWantedCall) {
  model::Names names;
  Retries::State state;
  std::mt19937_64 random(1);
  int64_t lost_ms = 0;
  uint64_t calls = 0;
  for (int t = 0; t < 500; ++t) {
    TimedTrace trace(names, random());
    const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 900'000, Kind::kHttp, Status::kOk);
    lost_ms += CallUntilDone(trace, gate, "cart", 0.3, 3, random);
    trace.Call(gate, "user", "get", 500'000, 1000, Kind::kRpc, Status::kOk);
    calls += trace.Graph().calls.size() - 2;
    Retries::Observe(state, trace.Graph(), FactsOf(names));
  }
  const auto section = Retries::Conclude(state, FactsOf(names));
  const document::Finding& finding = section.findings.at(0);
  EXPECT_EQ(finding.verdict, Verdict::kSupported);
  EXPECT_EQ(finding.saves_ns, static_cast<double>(lost_ms) * 1e6);
  EXPECT_NE(finding.claim.find("3 at most"), std::string::npos) << finding.claim;
  ASSERT_EQ(section.tables.at(0).rows.size(), 1u);  // not user: it never fails
  EXPECT_EQ(std::get<double>(section.tables[0].rows[0].at(7)), static_cast<double>(calls) / 500);
}

// A loop goes on whether or not an item failed: that is no retry.
TEST(Retries, LoopsAreNoRetries) {
  model::Names names;
  Retries::State state;
  std::mt19937_64 random(1);
  for (int t = 0; t < 300; ++t) {
    TimedTrace trace(names, random());
    const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 900'000, Kind::kHttp, Status::kOk);
    for (int i = 0; i < 10; ++i) {
      trace.Call(gate, "redis", "get", i * 5000, 2000, Kind::kCache,
                 random() % 5 == 0 ? Status::kError : Status::kOk);
    }
    Retries::Observe(state, trace.Graph(), FactsOf(names));
  }
  const auto section = Retries::Conclude(state, FactsOf(names));
  EXPECT_EQ(section.findings.at(0).verdict, Verdict::kContradicted) << section.findings[0].claim;
  EXPECT_EQ(section.headline.at(0).value, 1);
}

TEST(Retries, AmplificationMultipliesAlongThePath) {
  model::Names names;
  Retries::State state;
  std::mt19937_64 random(1);
  for (int t = 0; t < 400; ++t) {
    TimedTrace trace(names, random());
    const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 9'000'000, Kind::kHttp, Status::kOk);
    for (int64_t i = 0; i < 2; ++i) {
      const bool failed = i == 0 && t % 2 == 0;
      const uint32_t cart = trace.Call(gate, "cart", "get", i * 1'000'000, 900'000, Kind::kRpc,
                                       failed ? Status::kError : Status::kOk);
      const bool inner_failed = t % 4 == 0;
      trace.Call(cart, "store", "get", i * 1'000'000, 1000, Kind::kRpc,
                 inner_failed ? Status::kError : Status::kOk);
      if (inner_failed) {
        trace.Call(cart, "store", "get", i * 1'000'000 + 50'000, 1000, Kind::kRpc, Status::kOk);
      }
      if (!failed) break;
    }
    Retries::Observe(state, trace.Graph(), FactsOf(names));
  }
  const auto section = Retries::Conclude(state, FactsOf(names));
  // gate > cart: 600 attempts of 400. cart > store: 600 wanted, of which 100 x 2 failed.
  EXPECT_EQ(section.headline.at(3).name, "storm");
  EXPECT_DOUBLE_EQ(section.headline[3].value.value_or(0), 1.5 * 800 / 600);
  EXPECT_NE(section.computed.find("gate > cart > store"), std::string::npos) << section.computed;
}

TEST(Retries, NoServiceStandsTwiceOnAPath) {
  model::Names names;
  Retries::State state;
  std::mt19937_64 random(1);
  for (int t = 0; t < 800; ++t) {
    const bool forth = t % 2 == 0, fails = t % 4 < 2;
    TimedTrace trace(names, random());
    const uint32_t root =
        trace.Call(kNone, forth ? "a" : "b", "get", 0, 900'000, Kind::kHttp, Status::kOk);
    for (int64_t i = fails ? 0 : 1; i < 2; ++i) {
      trace.Call(root, forth ? "b" : "a", "get", i * 10'000, 1000, Kind::kRpc,
                 i == 0 ? Status::kError : Status::kOk);
    }
    Retries::Observe(state, trace.Graph(), FactsOf(names));
  }
  const auto section = Retries::Conclude(state, FactsOf(names));
  EXPECT_EQ(section.headline.at(3).name, "storm");
  EXPECT_DOUBLE_EQ(section.headline[3].value.value_or(0), 1.5);  // there, and not back again
}

// By definition, on random traces.
TEST(Retries, AgreesWithTheDefinition) {
  std::mt19937_64 random(9);
  const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
  constexpr int64_t kTick = 1'000'000;
  using Key = std::array<uint32_t, 3>;
  using Sums = std::array<uint64_t, 5>;  // calls, failed, again after failed, after others, lost us
  std::map<Key, Sums> expected, counted;
  model::Names names;
  Retries::State state;
  for (int t = 0; t < 1000; ++t) {
    TimedTrace trace(names, random());
    trace.Call(kNone, "a", "op0", 0, 200'000, Kind::kRpc, Status::kOk);
    std::vector<uint32_t> way{0};
    for (int64_t i = below(14); i > 0; --i) {
      while (way.size() > 1 && below(3) != 0) way.pop_back();
      way.push_back(trace.Call(way.back(), std::string(1, static_cast<char>('a' + below(3))),
                               "op" + std::to_string(below(2)), below(60) * 1000, below(10) * 1000,
                               Kind::kRpc, static_cast<Status>(below(3))));
      if (below(20) == 0) trace[way.back()].client = {};
    }
    const graph::CallGraph& graph = trace.Graph();
    Retries::Observe(state, graph, FactsOf(names));
    for (uint32_t c = 1; c < graph.calls.size(); ++c) {
      const graph::TraceCall& call = graph.calls[c];
      Sums& sums = expected[{Index(call.caller), Index(call.callee), Index(call.operation)}];
      const bool failed = call.status == Status::kError;
      ++sums[0];
      sums[1] += failed;
      if (!call.client.known()) continue;
      // The one that started next, in the order of start and then of the trace.
      const graph::TraceCall* next = nullptr;
      for (uint32_t d = 1; d < graph.calls.size(); ++d) {
        const graph::TraceCall& other = graph.calls[d];
        if (d == c || other.parent != call.parent || other.callee != call.callee ||
            other.operation != call.operation || !other.client.known() ||
            std::tuple(other.client.start_ns, d) < std::tuple(call.client.start_ns, c)) {
          continue;
        }
        if (next == nullptr || other.client.start_ns < next->client.start_ns) next = &other;
      }
      if (next == nullptr || next->client.start_ns < call.client.end_ns() - kTick) continue;
      ++sums[failed ? 2 : 3];
      if (failed) {
        sums[4] += static_cast<uint64_t>(next->client.start_ns - call.client.start_ns) / 1000;
      }
    }
  }
  state.calls.ForEach([&](const Retries::Calls& c) {
    counted[c.key()] = {c.calls, c.failed, c.again_after_failed, c.again_after_other, 0};
  });
  state.lost.ForEach([&](const Retries::Lost& l) { counted[l.key()][4] = l.lost_us.Total(); });
  EXPECT_EQ(counted, expected);
}

TEST(Retries, IntervalHoldsThePlantedTruth) {
  int held = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    model::Names names;
    Retries::State state;
    for (int t = 0; t < 600; ++t) {
      TimedTrace trace(names, random());
      const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 900'000, Kind::kHttp, Status::kOk);
      CallUntilDone(trace, gate, "cart", 0.2, 3, random);
      CallUntilDone(trace, gate, "user", 0, 3, random, 500);
      Retries::Observe(state, trace.Graph(), FactsOf(names));
    }
    const auto section = Retries::Conclude(state, FactsOf(names));
    ASSERT_EQ(section.findings.size(), 1u);
    const document::Finding& finding = section.findings[0];
    EXPECT_EQ(finding.verdict, Verdict::kSupported);
    const double truth = 600 * (0.2 + 0.04) * 10e6;
    held += finding.effect.low && *finding.effect.low <= truth && truth <= *finding.effect.high;
  }
  EXPECT_GE(held, 44);
  EXPECT_LE(held, 50);
}

// All paths, on random graphs without cycles (with them the search keeps one path a service).
TEST(Retries, TheStormIsTheLargestProductOfAllPaths) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 50; ++round) {
    model::Names names;
    Retries::State state;
    state.with_status = 1;
    constexpr uint32_t kServices = 11;
    std::vector<model::ServiceId> services;
    for (uint32_t s = 0; s < kServices; ++s) {
      services.push_back(names.Service("s" + std::to_string(s)));
    }
    std::array<std::array<double, kServices>, kServices> factor{};
    for (uint32_t a = 0; a < kServices; ++a) {
      for (uint32_t b = a + 1; b < kServices; ++b) {
        if (random() % 3 == 0) continue;
        uint64_t all = 0, again = 0;
        for (const char* operation : {"get", "put"}) {  // an edge is all its operations
          const std::array key{Index(services[a]), Index(services[b]),
                               Index(names.Operation(operation))};
          Retries::Calls& calls = state.calls[key];
          calls.calls = 1000;
          calls.failed = calls.again_after_failed = 100 + random() % 500;
          state.lost[key].most = 2;
          all += calls.calls;
          again += calls.again_after_failed;
        }
        factor[a][b] = static_cast<double>(all) / static_cast<double>(all - again);
      }
    }
    double most = 1;
    std::string path;
    const auto walk = [&](const auto& self, uint32_t at, size_t length, double product,
                          const std::string& way) -> void {
      if (product > most) most = product, path = way;
      if (length == Retries::kDeepest) return;
      for (uint32_t b = at + 1; b < kServices; ++b) {
        if (factor[at][b] == 0) continue;
        self(self, b, length + 1, product * factor[at][b], way + " > s" + std::to_string(b));
      }
    };
    for (uint32_t s = 0; s < kServices; ++s) walk(walk, s, 1, 1, "s" + std::to_string(s));
    const auto section = Retries::Conclude(state, FactsOf(names));
    EXPECT_NEAR(section.headline.at(3).value.value_or(0), most, 1e-9 * most);
    EXPECT_NE(section.computed.find(", " + path + "."), std::string::npos) << section.computed;
  }
}

}  // namespace
}  // namespace plumbago::analysis
