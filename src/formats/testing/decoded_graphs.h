// For tests and fuzzers: a text of whole call graphs through a format, as graphs that can be
// compared. Not part of the program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/format.h"
#include "formats/testing/decoded_blocks.h"

namespace plumbago::formats::testing {

struct PlainGraph {
  struct Edge {
    uint32_t caller, callee, calls;
    model::Kind kind;
    friend bool operator==(const Edge&, const Edge&) = default;
  };
  std::string id, entry;
  uint64_t traces = 0;
  uint32_t group = 0;
  std::vector<std::pair<std::string, std::string>> nodes;  // name, label
  std::vector<Edge> edges;
  uint64_t line = 0;  // 1-based
  friend bool operator==(const PlainGraph&, const PlainGraph&) = default;
};

struct DecodedGraphs : DecodedLines {
  std::vector<PlainGraph> graphs;
  std::string written;  // what the format's encoder makes of the graphs
};

class PlainGraphs final : public BatchSink {
 public:
  PlainGraphs(const model::Names& names, const Encoder& encoder)
      : names_(names), encoder_(encoder) {}
  void Accept(model::CallBatch& batch) override {
    for (const model::WholeGraph& graph : batch.graphs) {
      PlainGraph& plain = graphs.emplace_back();
      plain.id = graph.id.Text();
      plain.entry = names_.Text(graph.entry);
      plain.traces = graph.traces;
      plain.group = graph.group;
      plain.line = first_line + graph.origin.line + 1;
      const model::WholeGraphView view = batch.View(graph);
      for (const model::WholeNode& node : view.nodes) {
        plain.nodes.emplace_back(names_.Text(node.service), names_.Text(node.label));
      }
      for (const model::WholeEdge& edge : view.edges) {
        plain.edges.push_back({edge.caller, edge.callee, edge.calls, edge.kind});
      }
    }
    encoder_.Encode(batch, names_, written);
  }
  uint64_t first_line = 0;  // lines before the block that is being decoded
  std::vector<PlainGraph> graphs;
  std::string written;

 private:
  const model::Names& names_;
  const Encoder& encoder_;
};

// Decodes `text` as DecodeBlocks does.
inline DecodedGraphs DecodeGraphs(const Format& format, std::string_view text, size_t block_bytes,
                                  model::Names* shared = nullptr) {
  const SharedNames names(shared);
  const auto decoder = format.Open(text, "");
  const auto encoder = format.Write();
  PlainGraphs sink(*names, **encoder);
  DecodedGraphs out{DecodeBlocks(format, **decoder, text, block_bytes, *names, sink), {}, {}};
  out.graphs = std::move(sink.graphs);
  out.written = std::move(sink.written);
  return out;
}

}  // namespace plumbago::formats::testing
