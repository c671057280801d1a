// What a reader has decoded, on its way: calls with the bytes of their paths, samples of resource
// and rate tables, whole call graphs, judged pairs of siblings, minutes of functions. Most files
// give one of the five.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/call.h"
#include "model/function_rows.h"
#include "model/path.h"
#include "model/sample.h"
#include "model/sibling_pair.h"
#include "model/span_link.h"
#include "model/whole_graph.h"

namespace plumbago::model {

struct CallBatch {
  std::vector<Call> calls;
  std::string paths;
  std::string details;                  // of spans, where they are wanted
  std::vector<AttributeId> attributes;  // those of each call, in the order of `calls`
  std::vector<Sample> samples;
  std::vector<WholeGraph> graphs;
  std::vector<WholeNode> nodes;  // of `graphs`
  std::vector<WholeEdge> edges;
  std::vector<SiblingPair> pairs;
  std::vector<SpanLink> links;  // of spans in `calls`
  FunctionRows functions;

  PathView Path(const Call& call) const {
    return PathView(paths.data() + call.path_offset, call.path_size);
  }
  std::string_view Details(const Call& call) const {
    return std::string_view(details).substr(call.details_offset, call.details_size);
  }
  // Encodes `text` as the path of `call`. False: too long (the call keeps none).
  bool SetPath(Call& call, std::string_view text);
  // Copies already encoded bytes.
  void SetEncodedPath(Call& call, PathView path);
  WholeGraphView View(const WholeGraph& graph) const {
    return {&graph, std::span(nodes).subspan(graph.first_node, graph.nodes),
            std::span(edges).subspan(graph.first_edge, graph.edges)};
  }
  void Clear() {
    calls.clear();
    paths.clear();
    details.clear();
    attributes.clear();
    samples.clear();
    graphs.clear();
    nodes.clear();
    edges.clear();
    pairs.clear();
    links.clear();
    functions.Clear();
  }
};

}  // namespace plumbago::model
