#include "engine/loose_records.h"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "base/strong_id.h"
#include "base/testing/dice.h"

namespace plumbago::engine {
namespace {

using model::CallBatch;
using model::InstanceId;
using model::OperationId;
using model::Sample;
using model::ServiceId;

auto Key(const Sample& s) {
  return std::tuple(s.time_ns, s.value, s.service, s.instance, s.host, s.origin.block,
                    s.origin.line, s.measure, s.flow, s.normalised);
}

auto Key(const model::SiblingPair& p) {
  return std::tuple(p.caller_call, p.caller, p.overlap, p.origin.block, p.origin.line);
}

struct SeenGraph {
  model::WholeGraph graph;
  std::vector<std::pair<ServiceId, OperationId>> nodes;
  std::vector<std::tuple<uint32_t, uint32_t, uint32_t, model::Kind>> edges;
};

struct Collector final : LooseVisitor {
  void VisitSample(const Sample& sample) override { samples.push_back(sample); }
  void VisitPair(const model::SiblingPair& pair) override { pairs.push_back(pair); }
  void VisitGraph(const model::WholeGraphView& view) override {
    SeenGraph seen{*view.graph, {}, {}};
    for (const auto& node : view.nodes) seen.nodes.emplace_back(node.service, node.label);
    for (const auto& edge : view.edges)
      seen.edges.emplace_back(edge.caller, edge.callee, edge.calls, edge.kind);
    graphs.push_back(std::move(seen));
  }
  std::vector<Sample> samples;
  std::vector<model::SiblingPair> pairs;
  std::vector<SeenGraph> graphs;
};

// Everything in a batch of `count` samples, as many pairs and as many graphs.
CallBatch MadeBatch(Dice& dice, uint32_t count) {
  CallBatch batch;
  for (uint32_t i = 0; i < count; ++i) {
    batch.samples.push_back({static_cast<int64_t>(dice.Next()),
                             0.25 * i,
                             Id<ServiceId>(dice.Below32(9)),
                             Id<InstanceId>(dice.Below32(9)),
                             Id<InstanceId>(dice.Below32(9)),
                             {dice.Below32(UINT32_MAX), i},
                             static_cast<model::Measure>(dice.Below32(model::kMeasures)),
                             static_cast<model::Flow>(dice.Below32(model::kFlows)),
                             dice.Below32(2) == 0});
    batch.pairs.push_back({dice.Next(),
                           Id<ServiceId>(dice.Below32(9)),
                           dice.Below32(2) == 0,
                           {dice.Below32(UINT32_MAX), i}});
    model::WholeGraph graph;
    graph.id = {dice.Next(), dice.Next(), model::TraceForm::kHashed};
    graph.entry = Id<OperationId>(dice.Below32(9));
    graph.traces = dice.Next() >> 20;
    graph.group = dice.Below32(7);
    graph.origin = {dice.Below32(UINT32_MAX), i};
    graph.first_node = static_cast<uint32_t>(batch.nodes.size());
    graph.nodes = 1 + dice.Below32(40);
    graph.first_edge = static_cast<uint32_t>(batch.edges.size());
    graph.edges = dice.Below32(60);
    for (uint32_t n = 0; n < graph.nodes; ++n)
      batch.nodes.push_back({Id<ServiceId>(dice.Below32(9)), Id<OperationId>(dice.Below32(9))});
    for (uint32_t e = 0; e < graph.edges; ++e)
      batch.edges.push_back({dice.Below32(graph.nodes), dice.Below32(graph.nodes),
                             dice.Below32(UINT32_MAX),
                             static_cast<model::Kind>(dice.Below32(model::kKinds))});
    batch.graphs.push_back(graph);
  }
  return batch;
}

// All that was added comes back once, whether it stayed in memory or not, and whether names were
// sorted or not.
void ExpectBack(size_t most_resident, bool spills, bool sorted = true) {
  Dice dice(7);
  auto spill = std::make_shared<SpillFile>();
  LooseRecords records(most_resident, spill);
  std::vector<CallBatch> batches;
  for (int i = 0; i < 40; ++i) {
    batches.push_back(MadeBatch(dice, 30));
    records.Add(batches.back());
  }
  ASSERT_TRUE(records.status());
  RowPieces pieces;
  records.Collect(pieces);
  EXPECT_EQ(!pieces.spilled.empty(), spills);
  EXPECT_EQ(records.samples(), 1200u);
  EXPECT_EQ(records.graphs(), 1200u);
  EXPECT_EQ(records.pairs(), 1200u);

  // Names get the ids 9 - id.
  const std::vector<uint32_t> ranks{9, 8, 7, 6, 5, 4, 3, 2, 1};
  const model::NameRanks turned =
      sorted ? model::NameRanks{ranks, ranks, ranks} : model::NameRanks{};
  LooseReader reader(turned);
  Collector seen;
  for (const Extent& extent : pieces.spilled) {
    std::string bytes(extent.size, '\0');
    ASSERT_TRUE(spill->ReadAt(extent.offset, bytes.data(), bytes.size()));
    reader.Read(bytes, seen);
  }
  for (const std::string_view piece : pieces.resident) reader.Read(piece, seen);

  ASSERT_EQ(seen.samples.size(), 1200u);
  ASSERT_EQ(seen.graphs.size(), 1200u);
  ASSERT_EQ(seen.pairs.size(), 1200u);
  const auto turn = [sorted](auto id) { return sorted ? Id<decltype(id)>(9 - Index(id)) : id; };
  uint64_t traces = 0;
  size_t i = 0;
  for (const CallBatch& batch : batches) {
    for (size_t j = 0; j < batch.samples.size(); ++j, ++i) {
      Sample sample = batch.samples[j];
      sample.service = turn(sample.service);
      sample.instance = turn(sample.instance);
      sample.host = turn(sample.host);
      EXPECT_EQ(Key(seen.samples[i]), Key(sample));
      model::SiblingPair pair = batch.pairs[j];
      pair.caller = turn(pair.caller);
      EXPECT_EQ(Key(seen.pairs[i]), Key(pair));
      const model::WholeGraphView view = batch.View(batch.graphs[j]);
      const SeenGraph& graph = seen.graphs[i];
      EXPECT_EQ(graph.graph.id, view.graph->id);
      EXPECT_EQ(graph.graph.entry, turn(view.graph->entry));
      EXPECT_EQ(graph.graph.traces, view.graph->traces);
      EXPECT_EQ(graph.graph.group, view.graph->group);
      EXPECT_EQ(graph.graph.origin, view.graph->origin);
      ASSERT_EQ(graph.nodes.size(), view.nodes.size());
      for (size_t n = 0; n < graph.nodes.size(); ++n) {
        EXPECT_EQ(graph.nodes[n],
                  std::pair(turn(view.nodes[n].service), turn(view.nodes[n].label)));
      }
      ASSERT_EQ(graph.edges.size(), view.edges.size());
      for (size_t e = 0; e < graph.edges.size(); ++e) {
        const model::WholeEdge& edge = view.edges[e];
        EXPECT_EQ(graph.edges[e], std::tuple(edge.caller, edge.callee, edge.calls, edge.kind));
      }
      traces += view.graph->traces;
    }
  }
  EXPECT_EQ(records.traces(), traces);
}

TEST(LooseRecords, ComeBackFromMemory) { ExpectBack(SIZE_MAX, false); }

TEST(LooseRecords, ComeBackFromTheSpillFile) { ExpectBack(1, true); }

// As `convert --repair` reads them.
TEST(LooseRecords, ComeBackWithUnsortedNames) { ExpectBack(SIZE_MAX, false, false); }

// Two pieces and more go there at once.
TEST(LooseRecords, ComeBackFromTheSpillFileTogether) { ExpectBack(600u << 10, true); }

TEST(LooseRecords, TheLargestGraphFitsInAPiece) {
  CallBatch batch;
  batch.nodes.resize(model::kMostGraphParts);
  batch.edges.resize(model::kMostGraphParts);
  model::WholeGraph graph;
  graph.nodes = graph.edges = model::kMostGraphParts;
  batch.graphs.push_back(graph);
  LooseRecords records(SIZE_MAX, nullptr);
  records.Add(batch);
  RowPieces pieces;
  records.Collect(pieces);
  EXPECT_LE(pieces.bytes, kMostExtent);
}

}  // namespace
}  // namespace plumbago::engine
