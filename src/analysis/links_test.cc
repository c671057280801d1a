#include "analysis/links.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "document/testing/report_text.h"

namespace plumbago::analysis {
namespace {

using document::testing::ReportText;
using graph::TraceLink;

constexpr int64_t kMs = 1'000'000;

struct Made {
  std::vector<TraceLink> links;
  bool here = true;
};

class LinksTest : public ::testing::Test {
 protected:
  LinksTest() {
    for (const char* name : {"", "A", "B", "C"}) names_.Service(name);
    for (const char* name : {"", "put", "take"}) names_.Operation(name);
    facts_.names = &names_;
    facts_.tick_ns = 1;
  }
  void Observe(Links::State& state, const Made& made) {
    Links::Observe(state, {{0, 1, model::TraceForm::kHex32}, made.here, made.links}, facts_);
  }
  // "A put > B take"
  static TraceLink Link(uint64_t from, uint32_t producer, uint32_t consumer, int64_t start,
                        int64_t target_start, int64_t target_duration) {
    TraceLink link;
    link.from_trace_hash = from * 0x9E3779B97F4A7C15ull;
    link.from_service = Id<model::ServiceId>(consumer);
    link.from_operation = Id<model::OperationId>(2);
    link.from_start_ns = start;
    link.found = true;
    link.target_service = Id<model::ServiceId>(producer);
    link.target_operation = Id<model::OperationId>(1);
    link.target = {target_start, target_duration};
    return link;
  }

  model::Names names_;
  Facts facts_;
};

TEST_F(LinksTest, CountsWhatTiesTwoOperations) {
  Links::State state;
  // Two producers' traces; the consumers are of two.
  Observe(state, {{Link(7, 1, 2, 30 * kMs, 0, 10 * kMs), Link(8, 1, 2, 25 * kMs, 0, 10 * kMs),
                   Link(8, 1, 3, 5 * kMs, 0, 10 * kMs)}});
  Observe(state, {{Link(7, 1, 2, -kMs, 0, 10 * kMs), Link(7, 1, 2, 5 * kMs, 0, model::kNoTime)}});
  const document::Section section = Links::Conclude(state, facts_);
  ASSERT_EQ(section.tables[1].rows.size(), 2u);
  const auto& row = section.tables[1].rows[0];
  const auto text = [&](size_t i) { return std::get<std::string>(row[i]); };
  const auto number = [&](size_t i) { return std::get<int64_t>(row[i]); };
  EXPECT_EQ(text(0) + " " + text(1) + " > " + text(2) + " " + text(3), "A put > B take");
  EXPECT_EQ(number(4), 4);                                  // links
  EXPECT_EQ(number(5), 2);                                  // traces of the producer
  EXPECT_EQ(number(6), 2);                                  // of the consumer
  EXPECT_NEAR(static_cast<double>(number(7)), 15e6, 15e4);  // of -11, 15, 20 ms; one has no end
  EXPECT_EQ(number(10), 1);                                 // before its end
  EXPECT_EQ(number(11), 1);                                 // before its start
  EXPECT_EQ(section.figures[0].links[0].kind, "link");
  EXPECT_EQ(section.figures[0].links[0].calls, 4u);
  EXPECT_EQ(section.findings[0].verdict, document::Verdict::kSupported);
}

TEST_F(LinksTest, WhatTiesNothingIsCountedApart) {
  Links::State state;
  Made made;
  TraceLink lost = Link(7, 1, 2, 1, 0, 1);
  lost.found = false;
  TraceLink within = Link(1, 1, 2, 1, 0, 1);
  within.same_trace = true;
  TraceLink repeats = within;
  repeats.repeats_parent = true;
  made.links = {lost, within, repeats, repeats};
  Observe(state, made);
  Observe(state, {{lost, lost}, false});
  EXPECT_EQ(state.counts.across, 3u);
  EXPECT_EQ(state.counts.no_span, 1u);
  EXPECT_EQ(state.counts.no_trace, 2u);
  EXPECT_EQ(state.counts.within, 1u);
  EXPECT_EQ(state.counts.repeat_parent, 2u);
  const document::Section section = Links::Conclude(state, facts_);
  EXPECT_TRUE(section.tables.empty());
  EXPECT_EQ(section.findings[0].verdict, document::Verdict::kCannotSay);
  EXPECT_EQ(section.headline[1].value, 1.0);
}

TEST_F(LinksTest, MergesInAnyOrder) {
  std::mt19937_64 random(2);
  std::vector<Made> traces;
  for (int i = 0; i < 300; ++i) {
    Made made;
    made.here = random() % 5 != 0;
    for (uint64_t n = 1 + random() % 6; n-- > 0;) {
      TraceLink link =
          Link(random() % 900, 1 + static_cast<uint32_t>(random() % 3),
               1 + static_cast<uint32_t>(random() % 3), static_cast<int64_t>(random() % 1000), 300,
               static_cast<int64_t>(random() % 300));
      link.same_trace = random() % 9 == 0;
      link.found = made.here && random() % 4 != 0;
      made.links.push_back(link);
    }
    traces.push_back(made);
  }
  Links::State one;
  for (const Made& made : traces) Observe(one, made);
  const std::string text = ReportText::Of(Links::Conclude(one, facts_));
  for (int round = 0; round < 5; ++round) {
    std::shuffle(traces.begin(), traces.end(), random);
    std::vector<Links::State> parts(4);
    for (const Made& made : traces) Observe(parts[random() % 4], made);
    std::shuffle(parts.begin(), parts.end(), random);
    Links::State merged;
    for (Links::State& part : parts) MergeFields(merged, std::move(part));
    EXPECT_EQ(ReportText::Of(Links::Conclude(merged, facts_)), text);
  }
}

TEST_F(LinksTest, ConsumersOfQueuesAreNamed) {
  std::vector<graph::TraceCall> calls(3);
  calls[0].caller = Id<model::ServiceId>(1);
  calls[0].callee = Id<model::ServiceId>(2);
  calls[0].kind = model::Kind::kMessage;
  calls[0].rows = 1;
  calls[1] = calls[0];  // of a producer that is here
  calls[1].parent = 0;
  calls[1].caller = Id<model::ServiceId>(2);
  calls[1].callee = Id<model::ServiceId>(3);
  calls[2] = calls[0];
  calls[2].kind = model::Kind::kRpc;
  graph::CallGraph graph;
  graph.calls = calls;
  Links::State state;
  Links::Observe(state, graph, facts_);
  EXPECT_TRUE(Links::Conclude(state, facts_).tables.empty());  // the builder says there are none
  graph.repairs.from_queues = 1;
  Links::Observe(state, graph, facts_);
  const document::Section section = Links::Conclude(state, facts_);
  ASSERT_EQ(section.tables.size(), 1u);
  ASSERT_EQ(section.tables[0].rows.size(), 1u);
  EXPECT_EQ(std::get<std::string>(section.tables[0].rows[0][0]), "A");
  EXPECT_EQ(std::get<std::string>(section.tables[0].rows[0][1]), "B");
  EXPECT_EQ(std::get<int64_t>(section.tables[0].rows[0][2]), 1);
}

}  // namespace
}  // namespace plumbago::analysis
