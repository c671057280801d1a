// CallGraph::spans against planted spans put in order by recursion, and against the fates of rows.
#include "graph/span_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include "graph/testing/random_spans.h"
#include "graph/trace_builder.h"

namespace plumbago::graph {
namespace {

using testing::PlainSpan;
using testing::SpanRows;

constexpr int64_t kMs = 1'000'000;

struct Built {
  model::DamageCounts damage;
  std::unique_ptr<TraceBuilder> builder;
  CallGraph graph;
  bool made = false;
};

void Build(const SpanRows& rows, RepairMode mode, Built& built, bool keep = true) {
  built.builder = std::make_unique<TraceBuilder>(rows.names);
  built.builder->KeepSpans(keep);
  built.builder->Load({}, rows.rows, built.damage);
  built.made = built.builder->Build(mode, built.graph);
}

// What holds of every list of spans.
void ExpectPreorder(std::span<const TraceSpan> spans) {
  std::vector<uint32_t> last(spans.size() + 1, kNone);  // child seen last, by parent
  for (uint32_t i = 0; i < spans.size(); ++i) {
    const uint32_t parent = spans[i].parent;
    ASSERT_GT(spans[i].subtree_end, i);
    if (parent != kNone) {
      ASSERT_LT(parent, i);
      ASSERT_LE(spans[i].subtree_end, spans[parent].subtree_end);
    }
    uint32_t& before = last[parent == kNone ? spans.size() : parent];
    const uint32_t expected = before != kNone   ? spans[before].subtree_end
                              : parent == kNone ? 0
                                                : parent + 1;
    ASSERT_EQ(i, expected);
    if (before != kNone) {
      ASSERT_LE(std::tie(spans[before].start_ns, spans[before].id),
                std::tie(spans[i].start_ns, spans[i].id));
    }
    before = i;
  }
}

TEST(SpanView, NothingIsMadeUnlessAsked) {
  SpanRows rows("1 - A 0 10");
  Built built;
  Build(rows, RepairMode::kRebuild, built, false);
  EXPECT_TRUE(built.graph.spans.empty());
}

TEST(SpanView, WorkInsideAServiceIsThereWithTheCallThatItIsPartOf) {
  SpanRows rows(
      "1 - A 0 100 s http - get\n"
      "2 1 A 10 50 - internal - step\n"
      "3 2 A 20 30 c rpc B ask\n"
      "4 3 B 21 28 s rpc - answer\n"
      "5 1 A 5 2 c database db find");
  Built built;
  Build(rows, RepairMode::kRebuild, built);
  const std::span<const TraceSpan> spans = built.graph.spans;
  ASSERT_EQ(spans.size(), 5u);
  ExpectPreorder(spans);
  const std::vector<uint64_t> order{1, 5, 2, 3, 4};
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(spans[i].id, order[i]);
  EXPECT_EQ(spans[0].call, 0u);
  EXPECT_EQ(spans[2].call, 0u);  // folded
  EXPECT_EQ(spans[3].call, spans[4].call);
  EXPECT_EQ(built.graph.calls[spans[3].call].callee, spans[4].service);
  EXPECT_EQ(rows.names.Text(spans[3].service), "A");
  EXPECT_EQ(rows.names.Text(spans[1].service), "A");  // who wrote it, not the database
  EXPECT_EQ(rows.names.Text(spans[3].operation), "ask");
  EXPECT_EQ(spans[4].side, model::Side::kServer);
  EXPECT_EQ(spans[4].start_ns, 21 * kMs);
}

TEST(SpanView, ALostSpanLastsAsLongAsItsChildren) {
  SpanRows rows(
      "1 - A 0 100 s http\n"
      "3 2 B 30 10 s rpc\n"
      "4 2 B 20 5 s rpc");
  Built built;
  Build(rows, RepairMode::kRebuild, built);
  ASSERT_EQ(built.graph.spans.size(), 4u);
  ExpectPreorder(built.graph.spans);
  const TraceSpan& lost = built.graph.spans[1];
  EXPECT_TRUE(lost.inserted);
  EXPECT_EQ(lost.id, 2u);
  EXPECT_EQ(lost.start_ns, 20 * kMs);
  EXPECT_EQ(lost.end_ns(), 40 * kMs);
  EXPECT_EQ(built.graph.spans[2].id, 4u);

  Build(rows, RepairMode::kNone, built);  // as written: two roots more
  ASSERT_EQ(built.graph.spans.size(), 3u);
  for (const TraceSpan& span : built.graph.spans) EXPECT_EQ(span.parent, kNone);

  Build(rows, RepairMode::kPartial, built);  // what hangs by undoubted ids
  ASSERT_EQ(built.graph.spans.size(), 1u);
}

TEST(SpanView, PartialLeavesOutWorkBelowAnIdThatStandsForTwo) {
  SpanRows rows(
      "1 - A 0 100 s http\n"
      "2 1 A 10 20 - internal\n"
      "2 1 A 40 20 - internal\n"
      "3 2 A 42 5 - internal");
  Built built;
  Build(rows, RepairMode::kRebuild, built);
  EXPECT_EQ(built.graph.spans.size(), 4u);
  Build(rows, RepairMode::kPartial, built);
  ASSERT_EQ(built.graph.spans.size(), 3u);
  for (const TraceSpan& span : built.graph.spans) EXPECT_NE(span.id, 3u);
}

// Planted spans by recursion: children of an id, sorted.
void Plant(const std::vector<PlainSpan>& all, uint64_t parent, std::vector<const PlainSpan*>& out) {
  std::vector<const PlainSpan*> children;
  for (const PlainSpan& span : all) {
    if (span.parent == parent) children.push_back(&span);
  }
  std::sort(children.begin(), children.end(), [](const PlainSpan* a, const PlainSpan* b) {
    return std::tie(a->start, a->id) < std::tie(b->start, b->id);
  });
  for (const PlainSpan* child : children) {
    out.push_back(child);
    Plant(all, child->id, out);
  }
}

TEST(SpanView, PlantedSpansComeBackInOrder) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 500; ++round) {
    testing::TrueTrace trace = testing::RandomTrace(random, true, round % 2 == 0);
    for (size_t i = 1; i < trace.spans.size(); ++i) {  // ids of their own, no Zipkin halves
      if (trace.spans[i].id != trace.spans[i - 1].id) continue;
      trace.spans[i].parent = trace.spans[i].id;
      const uint64_t fresh = random() | 1;
      for (PlainSpan& span : trace.spans) {
        if (&span != &trace.spans[i] && span.parent == trace.spans[i].id) span.parent = fresh;
      }
      trace.spans[i].id = fresh;
    }
    std::vector<const PlainSpan*> planted;
    Plant(trace.spans, 0, planted);
    std::vector<PlainSpan> shuffled = trace.spans;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    SpanRows rows;
    testing::AddRows(shuffled, rows);
    Built built;
    Build(rows, RepairMode::kRebuild, built);
    ASSERT_TRUE(built.made);
    ASSERT_EQ(built.graph.spans.size(), planted.size());
    ExpectPreorder(built.graph.spans);
    for (size_t i = 0; i < planted.size(); ++i) {
      const TraceSpan& span = built.graph.spans[i];
      ASSERT_EQ(span.id, planted[i]->id);
      ASSERT_EQ(rows.names.Text(span.service), planted[i]->service);
      ASSERT_EQ(span.start_ns, planted[i]->start);
      ASSERT_EQ(span.duration_ns, planted[i]->duration);
    }
  }
}

TEST(SpanView, OfDamagedTracesEveryRowIsThereAsItsFateSays) {
  std::mt19937_64 random(12);
  size_t lost = 0;
  for (int round = 0; round < 2000; ++round) {
    testing::TrueTrace trace = testing::RandomTrace(random, round % 3 != 0, false);
    testing::DamageSpans(random, trace.spans);
    SpanRows rows;
    testing::AddRows(trace.spans, rows);
    if (rows.rows.empty()) continue;
    for (const RepairMode mode : {RepairMode::kNone, RepairMode::kRebuild, RepairMode::kPartial}) {
      Built built;
      Build(rows, mode, built);
      if (!built.made) continue;
      ExpectPreorder(built.graph.spans);
      std::multimap<std::tuple<uint64_t, int64_t, int64_t>, const TraceSpan*> by_content;
      size_t inserted = 0;
      for (const TraceSpan& span : built.graph.spans) {
        inserted += span.inserted;
        if (!span.inserted)
          by_content.emplace(std::tuple(span.id, span.start_ns, span.duration_ns), &span);
        ASSERT_LT(span.call, built.graph.calls.size());
      }
      lost += inserted;
      std::vector<RowFate> fates;
      built.builder->Fates(fates);
      if (mode != RepairMode::kPartial) {
        ASSERT_EQ(built.graph.spans.size() - inserted, built.builder->joined_rows());
      }
      for (size_t row = 0; row < rows.rows.size(); ++row) {
        if (!fates[row].placed) continue;
        const model::Call& call = *rows.rows[row].call;
        const auto [first, last] =
            by_content.equal_range(std::tuple(call.span, call.start_ns, call.duration_ns));
        ASSERT_NE(first, last);
        ASSERT_TRUE(std::any_of(
            first, last, [&](const auto& one) { return one.second->call == fates[row].call; }));
      }
    }
  }
  EXPECT_GT(lost, 100u);
}

TEST(SpanView, AMillionInAChainOrBelowOne) {
  constexpr uint64_t kMany = 1'000'000;
  for (const bool chain : {true, false}) {
    SpanRows rows;
    for (uint64_t i = 0; i < kMany; ++i) {
      model::Call call;
      call.span = i + 1;
      call.parent_span = i == 0 ? 0 : chain ? i : 1;
      call.callee = rows.names.Service("A");
      // Siblings against the order of their ids.
      call.start_ns = static_cast<int64_t>(chain ? i : kMany - i);
      if (i == 0) call.start_ns = 0;
      call.duration_ns = static_cast<int64_t>(2 * kMany - i);
      rows.Add(call);
    }
    Built built;
    Build(rows, RepairMode::kRebuild, built);
    ASSERT_EQ(built.graph.spans.size(), kMany);
    ExpectPreorder(built.graph.spans);
  }
}

TEST(SpansOfCalls, ASpanACall) {
  SpanRows rows(
      "1 - A 0 100 s http - get\n"
      "3 1 A 20 30 c rpc B ask\n"
      "4 3 B 21 28 s rpc - answer");
  Built built;
  Build(rows, RepairMode::kRebuild, built);
  std::vector<TraceSpan> spans;
  SpansOfCalls(built.graph, spans);
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(rows.names.Text(spans[1].service), "B");
  EXPECT_EQ(rows.names.Text(spans[1].operation), "answer");
  EXPECT_EQ(spans[1].start_ns, 20 * kMs);  // as its caller saw it
  EXPECT_EQ(spans[1].parent, 0u);
  EXPECT_EQ(spans[0].subtree_end, 2u);
}

}  // namespace
}  // namespace plumbago::graph
