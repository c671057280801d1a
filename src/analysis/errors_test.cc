#include "analysis/errors.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "analysis/timed_trace.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;
using model::Kind;
using model::Status;

class ErrorsTest : public testing::Test {
 protected:
  uint32_t Call(TimedTrace& trace, uint32_t parent, const char* callee, bool failed) {
    return trace.Call(parent, callee, "do", 0, 1000, Kind::kRpc,
                      failed ? Status::kError : Status::kOk);
  }
  void Observe(TimedTrace& trace) { Errors::Observe(state_, trace.Graph(), Facts_()); }
  document::Section Conclude() { return Errors::Conclude(state_, Facts_()); }
  Facts Facts_() {
    Facts facts;
    facts.names = &names_;
    return facts;
  }
  static std::map<std::string, std::vector<document::Cell>> Rows(const document::Table& table,
                                                                 size_t name) {
    std::map<std::string, std::vector<document::Cell>> rows;
    for (const auto& row : table.rows) rows[std::get<std::string>(row.at(name))] = row;
    return rows;
  }

  model::Names names_;
  Errors::State state_;
};

TEST_F(ErrorsTest, AnErrorBeginsWhereNoneIsBelowAndFailsTheRequestIfAllAboveFail) {
  for (uint64_t t = 0; t < 10; ++t) {
    TimedTrace trace(names_, t + 1);
    const bool fails = t < 4;
    const uint32_t gate = Call(trace, kNone, "gate", fails);
    const uint32_t cart = Call(trace, gate, "cart", fails);
    Call(trace, cart, "base", fails);
    Call(trace, gate, "ads", t < 7);  // in three of them all else is well
    Observe(trace);
  }
  const auto section = Conclude();
  EXPECT_DOUBLE_EQ(*section.headline.at(0).value, 0.4);
  EXPECT_DOUBLE_EQ(*section.headline.at(1).value, (4 * 3 + 7) / 40.0);
  EXPECT_DOUBLE_EQ(*section.headline.at(2).value, 0.3);
  EXPECT_DOUBLE_EQ(*section.headline.at(3).value, (4 * 2 + 4 * 1) / 8.0);
  auto origins = Rows(section.tables.at(0), 0);
  ASSERT_EQ(origins.size(), 2u);  // base and ads: neither gate nor cart
  EXPECT_EQ(origins["base"].at(4), document::Cell(int64_t{4}));
  EXPECT_EQ(origins["base"].at(5), document::Cell(int64_t{4}));
  EXPECT_EQ(origins["ads"].at(4), document::Cell(int64_t{7}));
  EXPECT_EQ(origins["ads"].at(5), document::Cell(int64_t{4}));
  auto ways = Rows(section.tables.at(1), 1);
  EXPECT_EQ(ways["ads"].at(4), document::Cell(4.0 / 7));
  EXPECT_EQ(ways["cart"].at(4), document::Cell(1.0));
  const document::Finding& finding = section.findings.at(0);
  EXPECT_EQ(finding.verdict, Verdict::kSupported);
  EXPECT_EQ(finding.effect.value, 1.0);
  EXPECT_EQ(finding.examples.size(), 3u);
}

// Six failed requests of weight 1 and one of 6 that fails elsewhere: half of the failed requests,
// with the interval of 12 * 12 / (6 + 36) = 3.4 requests and not of 12.
TEST_F(ErrorsTest, ASampledTraceCountsAsOftenAsItsWeightSays) {
  for (uint64_t t = 0; t < 7; ++t) {
    TimedTrace trace(names_, t + 1);
    const uint32_t gate = Call(trace, kNone, "gate", true);
    Call(trace, gate, t < 6 ? "cart" : "ads", true);
    graph::CallGraph graph = trace.Graph();
    graph.weight = t < 6 ? 1 : 6;
    Errors::Observe(state_, graph, Facts_());
  }
  const auto section = Conclude();
  auto origins = Rows(section.tables.at(0), 0);
  EXPECT_EQ(origins["cart"].at(5), document::Cell(int64_t{6}));
  EXPECT_EQ(origins["ads"].at(2), document::Cell(int64_t{6}));
  EXPECT_EQ(origins["ads"].at(5), document::Cell(int64_t{6}));
  const document::Finding& finding = section.findings.at(0);
  EXPECT_EQ(finding.effect.value, 0.5);
  const auto bounds = statistics::WilsonInterval(2, 3);  // 1.5 of 3.4, in whole requests
  ASSERT_TRUE(bounds);
  EXPECT_EQ(finding.effect.low, bounds->low);
}

TEST_F(ErrorsTest, WithoutAStatusItCannotSay) {
  TimedTrace trace(names_, 1);
  trace.Call(kNone, "gate", "do", 0, 1000);
  Observe(trace);
  const auto section = Conclude();
  EXPECT_EQ(section.findings.at(0).verdict, Verdict::kCannotSay);
  EXPECT_FALSE(section.headline.at(0).value);
  EXPECT_TRUE(section.tables.empty());
}

// Who writes spans marks errors, and leaves what went well without a status.
TEST_F(ErrorsTest, ASpanWithoutAStatusDidNotFail) {
  const std::vector<graph::TraceSpan> spans(1);
  for (uint64_t t = 0; t < 10; ++t) {
    TimedTrace trace(names_, t + 1);
    trace.Call(kNone, "gate", "do", 0, 1000, Kind::kRpc, t < 2 ? Status::kError : Status::kUnset);
    graph::CallGraph graph = trace.Graph();
    if (t < 9) graph.spans = spans;  // of the last nobody knows
    Errors::Observe(state_, graph, Facts_());
    if (t < 9) continue;
    const auto section = Conclude();
    EXPECT_DOUBLE_EQ(section.headline.at(0).value.value(), 2.0 / 9);
    EXPECT_EQ(Rows(section.tables.at(0), 0)["gate"].at(2), document::Cell(int64_t{9}));
    EXPECT_NE(section.computed.find("1 traces without span ids"), std::string::npos);
  }
}

TEST_F(ErrorsTest, SpansOfWhichNoneHasAStatusTellNothing) {
  const std::vector<graph::TraceSpan> spans(1);
  TimedTrace trace(names_, 1);
  trace.Call(kNone, "gate", "do", 0, 1000);
  graph::CallGraph graph = trace.Graph();
  graph.spans = spans;
  Errors::Observe(state_, graph, Facts_());
  const auto section = Conclude();
  EXPECT_EQ(section.findings.at(0).verdict, Verdict::kCannotSay);
  EXPECT_FALSE(section.headline.at(0).value);
}

TEST_F(ErrorsTest, ErrorsThatAllAreAbsorbedFailNoRequest) {
  TimedTrace trace(names_, 1);
  const uint32_t gate = Call(trace, kNone, "gate", false);
  Call(trace, gate, "ads", true);
  Observe(trace);
  const auto section = Conclude();
  EXPECT_EQ(section.findings.at(0).verdict, Verdict::kCannotSay);
  EXPECT_NE(section.findings.at(0).reason.find("absorbed"), std::string::npos);
  EXPECT_DOUBLE_EQ(*section.headline.at(2).value, 1.0);
}

// By walking up and down from every call.
TEST_F(ErrorsTest, AsLookingAtEveryCallAlone) {
  std::mt19937 engine(7);
  const auto random = [&](uint32_t below) { return static_cast<uint32_t>(engine()) % below; };
  std::map<std::string, uint64_t> origins, failed_requests, failed, passed;
  for (uint64_t t = 1; t <= 400; ++t) {
    TimedTrace trace(names_, t);
    std::vector<uint32_t> parents;
    std::vector<std::string> services;
    std::vector<bool> fails;
    const uint32_t size = 1 + random(9);
    for (uint32_t i = 0; i < size; ++i) {
      parents.push_back(i == 0 ? kNone : random(i));
      services.push_back("s" + std::to_string(random(4)));
      fails.push_back(random(3) > 0);
      trace.Call(parents[i], services[i].c_str(), "do", i * 10, 1000, Kind::kRpc,
                 fails[i] ? Status::kError : Status::kOk);
    }
    std::set<std::string> reached;
    for (uint32_t i = 0; i < size; ++i) {
      if (!fails[i]) continue;
      bool below = false;
      for (uint32_t c = 0; c < size; ++c) below |= parents[c] == i && fails[c];
      if (i != 0) {
        ++failed[services[i]];
        passed[services[i]] += fails[parents[i]];
      }
      if (below) continue;
      ++origins[services[i]];
      bool up = true;
      for (uint32_t a = i; a != kNone; a = parents[a]) up = up && fails[a];
      if (up) reached.insert(services[i]);
    }
    for (const std::string& service : reached) ++failed_requests[service];
    Observe(trace);
  }
  const auto section = Conclude();
  auto rows = Rows(section.tables.at(0), 0);
  ASSERT_EQ(rows.size(), 4u);
  for (const auto& [service, row] : rows) {
    EXPECT_EQ(row.at(4), document::Cell(static_cast<int64_t>(origins[service])));
    EXPECT_EQ(row.at(5), document::Cell(static_cast<int64_t>(failed_requests[service])));
  }
  uint64_t all_failed = 0, all_passed = 0, in_table = 0;
  double passed_in_table = 0;
  for (const auto& [service, count] : failed) all_failed += count, all_passed += passed[service];
  for (const auto& row : section.tables.at(1).rows) {
    const auto count = static_cast<uint64_t>(std::get<int64_t>(row.at(3)));
    in_table += count;
    passed_in_table += std::get<double>(row.at(4)) * static_cast<double>(count);
  }
  EXPECT_EQ(in_table, all_failed);
  EXPECT_NEAR(passed_in_table, static_cast<double>(all_passed), 1e-6);
}

}  // namespace
}  // namespace plumbago::analysis
