// For tests and fuzzers: a text of whole call graphs through a format, as graphs that can be
// compared. Not part of the program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/format.h"

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

struct DecodedGraphs {
  std::vector<PlainGraph> graphs;
  uint64_t lines = 0, malformed = 0, too_long = 0;
  std::string example;  // of the first malformed line
  uint64_t example_line = 0, example_column = 0;
  std::string written;  // what the format's encoder makes of the graphs
};

class PlainGraphs final : public BatchSink {
 public:
  PlainGraphs(const model::Names& names, const Encoder& encoder, DecodedGraphs& out)
      : names_(names), encoder_(encoder), out_(out) {}
  void Accept(model::CallBatch& batch) override {
    for (const model::WholeGraph& graph : batch.graphs) {
      PlainGraph& plain = out_.graphs.emplace_back();
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
    encoder_.Encode(batch, names_, out_.written);
  }
  uint64_t first_line = 0;  // lines before the block that is being decoded

 private:
  const model::Names& names_;
  const Encoder& encoder_;
  DecodedGraphs& out_;
};

// Decodes `text`, cut into blocks of about `block_bytes` at ends of lines, each from a buffer of
// its own with just the padding that is promised. Tables of names are large: a `shared` one makes
// many calls faster.
inline DecodedGraphs DecodeGraphs(const Format& format, std::string_view text, size_t block_bytes,
                                  model::Names* shared = nullptr) {
  std::unique_ptr<model::Names> own;
  if (shared == nullptr) own = std::make_unique<model::Names>();
  model::Names& names = shared != nullptr ? *shared : *own;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  DecodedGraphs out;
  const auto decoder = format.Open(text, "");
  const auto encoder = format.Write();
  PlainGraphs sink(names, **encoder, out);
  Block block;
  block.first = true;
  std::vector<uint64_t> first_lines;
  while (!text.empty()) {
    size_t size = 0;
    for (size_t wanted = block_bytes; size == 0; wanted += block_bytes) {
      size = format.Cut(text.substr(0, wanted), wanted >= text.size());
    }
    std::string storage;
    storage.reserve(size + 64);
    storage.assign(text.substr(0, size));
    storage.append(64, '"');
    block.text = std::string_view(storage.data(), size);
    first_lines.push_back(out.lines);
    sink.first_line = out.lines;
    DecodeContext context{caches, damage, sink};
    (*decoder)->Decode(block, context);
    out.lines += context.lines;
    text.remove_prefix(size);
    block.first = false;
    ++block.index;
  }
  out.malformed = damage.Count(model::Damage::kMalformed);
  out.too_long = damage.Count(model::Damage::kTooLong);
  if (const model::Example* first = damage.First(model::Damage::kMalformed)) {
    out.example = first->text;
    out.example_line = first_lines[first->origin.block] + first->origin.line + 1;
    out.example_column = first->column;
  }
  return out;
}

}  // namespace plumbago::formats::testing
