#include "engine/completeness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/completeness_section.h"

namespace plumbago::engine {
namespace {

using graph::RepairMode;

constexpr int64_t kNoBegin = model::kNoTime;

CompletenessState Whole(uint64_t traces, uint64_t rows) {
  CompletenessState state;
  state.whole.traces = traces;
  state.whole.rows = rows;
  return state;
}

TEST(Completeness, MergeIsASum) {
  CompletenessState a = Whole(2, 10);
  CompletenessState b = Whole(1, 3);
  KeptCounts& rebuilt = a.kept[Slot(Variant::kRebuilt)];
  rebuilt.traces = 1;
  rebuilt.rows = 4;
  rebuilt.links = 3;
  rebuilt.links_mended = 2;
  rebuilt.confidence_ppm = 1'900'000;
  b.dropped[Slot(Variant::kAccurate)].traces = 5;
  analysis::MergeFields(b, std::move(a));
  EXPECT_EQ(b.whole.traces, 3u);
  EXPECT_EQ(b.whole.rows, 13u);
  EXPECT_EQ(b.dropped[Slot(Variant::kAccurate)].traces, 5u);
  EXPECT_DOUBLE_EQ(*ConcludeCompleteness(b, RepairMode::kRebuild, kNoBegin).links_mended_confidence,
                   0.95);
  EXPECT_EQ(ConcludeCompleteness(b, RepairMode::kRebuild, kNoBegin).rows, 17u);
}

TEST(Completeness, WorkInsideServicesAndInferredSidesAreCounted) {
  const std::array<graph::TraceCall, 2> calls{};
  graph::CallGraph graph;
  graph.calls = calls;
  graph.repairs.folded = 3;
  graph.repairs.sides_inferred = 1;
  CompletenessState state;
  CountKept(state.whole, graph, 6, 0);
  CountKept(state.kept[Slot(Variant::kRebuilt)], graph, 6, 1);
  const document::Completeness rebuilt =
      ConcludeCompleteness(state, RepairMode::kRebuild, kNoBegin);
  EXPECT_EQ(rebuilt.rows_folded, 6u);
  EXPECT_EQ(rebuilt.sides_inferred, 2u);
  const document::Completeness accurate =
      ConcludeCompleteness(state, RepairMode::kAccurate, kNoBegin);
  EXPECT_EQ(accurate.rows_folded, 3u);
  document::Document document;
  document.completeness = rebuilt;
  const document::Section section = CompletenessSection(document);
  const auto has = [&](const document::Section& in, std::string_view name) {
    return std::any_of(in.headline.begin(), in.headline.end(),
                       [&](const document::Headline& h) { return h.name == name; });
  };
  EXPECT_TRUE(has(section, "rows_folded"));
  EXPECT_TRUE(has(section, "sides_inferred"));
  document.completeness = {};
  EXPECT_FALSE(has(CompletenessSection(document), "rows_folded"));
}

TEST(Completeness, TracesAreThoseOfTheMode) {
  CompletenessState state = Whole(4, 40);
  state.kept[Slot(Variant::kRebuilt)].traces = 3;
  state.kept[Slot(Variant::kAsWritten)].traces = 2;
  state.dropped[Slot(Variant::kAsWritten)].traces = 1;
  state.dropped[Slot(Variant::kAccurate)].traces = 3;
  const document::Traces rebuilt = ConcludeTraces(state, RepairMode::kRebuild);
  EXPECT_EQ(rebuilt.read, 7u);
  EXPECT_EQ(rebuilt.complete, 4u);
  EXPECT_EQ(rebuilt.repaired, 3u);
  EXPECT_EQ(rebuilt.dropped, 0u);
  const document::Traces accurate = ConcludeTraces(state, RepairMode::kAccurate);
  EXPECT_EQ(accurate.read, 7u);
  EXPECT_EQ(accurate.dropped, 3u);
  EXPECT_EQ(ConcludeTraces(state, RepairMode::kNone).dropped, 1u);
}

TEST(Completeness, SaysWhenIdsDoNotFitTheClock) {
  CompletenessState state = Whole(4, 40);
  state.window.births = 4;
  state.window.births_fit = 1;
  const auto window = [&] {
    return ConcludeCompleteness(state, RepairMode::kRebuild, kNoBegin).window;
  };
  EXPECT_NE(window().find("do not fit"), std::string::npos) << window();
  state.window.births_fit = 3;
  EXPECT_EQ(window().find("do not fit"), std::string::npos) << window();
}

TEST(Completeness, SampledTracesSayWhatTheyAreWorth) {
  CompletenessState state;
  graph::CallGraph graph;
  CountKept(state.whole, graph, 1, 0);
  const auto conclude = [&] { return ConcludeCompleteness(state, RepairMode::kRebuild, kNoBegin); };
  EXPECT_FALSE(conclude().sampled_of);
  EXPECT_FALSE(conclude().effective_traces);
  graph.weight = 3;
  CountKept(state.kept[Slot(Variant::kRebuilt)], graph, 1, 1);
  EXPECT_EQ(conclude().sampled_of, 4u);
  EXPECT_DOUBLE_EQ(conclude().effective_traces.value(), 16.0 / 10);
  // A ready-made graph is a count and no sample.
  graph.ready_made = true;
  graph.weight = 100;
  CountKept(state.whole, graph, 0, 0);
  EXPECT_EQ(conclude().sampled_of, 4u);
}

TEST(Completeness, WeightedGraphsStopAtTheLargest) {
  const std::array<graph::Edge, 1> edges{graph::Edge{0, 1, 4'000'000'000, model::Kind::kRpc}};
  graph::CallGraph graph;
  graph.ready_made = true;
  graph.edges = edges;
  graph.weight = 9e18;
  CompletenessState state;
  for (int i = 0; i < 3; ++i) CountKept(state.whole, graph, 0, 0);
  EXPECT_EQ(state.whole.calls, UINT64_MAX);
  EXPECT_EQ(state.whole.traces, UINT64_MAX);
  CompletenessState other = state;
  analysis::MergeFields(state, std::move(other));
  EXPECT_EQ(state.whole.calls, UINT64_MAX);
  EXPECT_EQ(ConcludeTraces(state, RepairMode::kRebuild).read, UINT64_MAX);
  EXPECT_EQ(ConcludeCompleteness(state, RepairMode::kRebuild, kNoBegin).calls, UINT64_MAX);
}

}  // namespace
}  // namespace plumbago::engine
