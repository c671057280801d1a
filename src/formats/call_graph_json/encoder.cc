#include "formats/call_graph_json/encoder.h"

#include "base/json_writer.h"
#include "formats/call_graph_json/graph_line.h"

namespace plumbago::formats::call_graph_json {
namespace {

void EncodeGraph(const model::WholeGraphView& view, const model::Names& names, std::string& out) {
  // As DGG writes the user, but where a service has that name.
  bool from_outside = false, user_is_a_name = false;
  for (const model::WholeEdge& edge : view.edges) from_outside |= edge.caller == model::kNoNode;
  for (const model::WholeNode& node : view.nodes) {
    user_is_a_name |= names.Text(node.service) == kUser;
  }
  const bool with_user = from_outside && !user_is_a_name;

  JsonWriter json(&out);
  json.BeginObject().Key("service");
  if (view.graph->entry == model::kNoOperation) {
    json.Null();
  } else {
    json.String(names.Text(view.graph->entry));
  }
  if (view.graph->group > 0) json.Key("type").Uint(view.graph->group - 1);
  json.Key("num").Uint(view.graph->traces).Key("nodes").BeginArray();
  for (const model::WholeNode& node : view.nodes) {
    json.BeginArray().String(names.Text(node.service)).String(names.Text(node.label)).EndArray();
  }
  if (with_user) json.BeginArray().String(kUser).String("relay").EndArray();
  json.EndArray().Key("edges").BeginArray();
  for (const model::WholeEdge& edge : view.edges) {
    json.BeginArray();
    if (edge.caller != model::kNoNode) {
      json.String(names.Text(view.nodes[edge.caller].service));
    } else if (with_user) {
      json.String(kUser);
    } else {
      json.Null();
    }
    if (edge.callee != model::kNoNode) {
      json.String(names.Text(view.nodes[edge.callee].service));
    } else {
      json.Null();
    }
    json.Uint(edge.calls).String(WordOf(edge.kind)).EndArray();
  }
  json.EndArray().EndObject();
  out += '\n';
}

}  // namespace

void CallGraphJsonEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                                  std::string& out) const {
  for (const model::WholeGraph& graph : batch.graphs) EncodeGraph(batch.View(graph), names, out);
}

}  // namespace plumbago::formats::call_graph_json
