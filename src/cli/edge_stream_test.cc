// The streamed file is that of the table, which holds all edges: byte for byte, in every format.
#include "cli/edge_stream.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "analysis/edges.h"
#include "render/graph_file.h"

namespace plumbago::cli {
namespace {

std::string Streamed(const analysis::Edges::State& state, const analysis::Facts& facts,
                     render::GraphFormat format) {
  std::string out;
  EXPECT_TRUE(StreamGraph(state.graph, facts, format, [&](std::string_view text) -> Result<void> {
    out += text;
    return {};
  }));
  return out;
}

std::string Tabled(const analysis::Edges::State& state, const analysis::Facts& facts,
                   render::GraphFormat format) {
  const document::Section section = analysis::Edges::Conclude(state, facts);
  std::string out;
  EXPECT_TRUE(render::WriteGraph(render::FileGraph::Of(section.tables.at(0)), format,
                                 [&](std::string_view text) -> Result<void> {
                                   out += text;
                                   return {};
                                 }));
  return out;
}

TEST(EdgeStream, WritesWhatTheTableOfAllEdgesGives) {
  std::mt19937 random(11);
  for (int round = 0; round < 20; ++round) {
    model::Names names;
    std::vector<model::ServiceId> services;
    // In the order of their texts, as the engine's are; some before "(outside)".
    for (const char* name : {"!first", "$a", "a \"<&>", "b,c", "d", "e\x01", "e\x02", "zeta"}) {
      services.push_back(names.Service(name));
    }
    services.push_back(model::kNoService);
    analysis::Edges::State state;
    std::vector<graph::TraceCall> calls;
    for (size_t i = 0; i < random() % 60; ++i) {
      graph::TraceCall& call = calls.emplace_back();
      call.caller = services[random() % services.size()];
      call.callee = services[random() % services.size()];
      call.kind = static_cast<model::Kind>(random() % model::kKinds);
      if (random() % 4 != 0) {
        (random() % 2 ? call.client : call.server) = {
            0, static_cast<int64_t>(random() % 1000) * 1'000'000};
      }
      if (random() % 3 != 0) call.self_ns = static_cast<int64_t>(random() % 1'000'000'000);
    }
    graph::CallGraph graph;
    graph.calls = calls;
    analysis::Facts facts;
    facts.names = &names;
    analysis::Edges::Observe(state, graph, facts);
    for (const auto format : {render::GraphFormat::kDot, render::GraphFormat::kGraphMl,
                              render::GraphFormat::kCsv, render::GraphFormat::kJson}) {
      EXPECT_EQ(Streamed(state, facts, format), Tabled(state, facts, format)) << round;
    }
  }
}

TEST(EdgeStream, StopsWhereTheFileCannotBeWritten) {
  model::Names names;
  analysis::Edges::State state;
  std::vector<graph::TraceCall> calls(3000);  // several pieces of the file
  for (size_t i = 0; i < calls.size(); ++i) {
    calls[i].caller = names.Service("a");
    calls[i].callee = names.Service(fmt::format("a service with a long name, {:04}", i));
  }
  graph::CallGraph graph;
  graph.calls = calls;
  analysis::Facts facts;
  facts.names = &names;
  analysis::Edges::Observe(state, graph, facts);
  size_t pieces = 0;
  const Result<void> written = StreamGraph(state.graph, facts, render::GraphFormat::kCsv,
                                           [&](std::string_view) -> Result<void> {
                                             if (++pieces > 1) return {};
                                             return Fail(ErrorKind::kResource, "full");
                                           });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kResource);
  EXPECT_EQ(pieces, 1u);
}

}  // namespace
}  // namespace plumbago::cli
