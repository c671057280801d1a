#include "render/graph_file.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <set>
#include <utility>

#include "base/json_writer.h"
#include "render/html_text.h"
#include "render/quantity.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

constexpr const char* kFormats[] = {"dot", "graphml", "csv", "json", "mermaid"};

std::string Whole(std::optional<double> value) {
  return value && std::isfinite(*value) ? fmt::format("{:.0f}", *value) : "";
}

std::vector<std::string> Ids(const std::vector<FileNode>& nodes) {
  std::vector<std::string> ids;
  std::set<std::string> taken;
  for (const FileNode& node : nodes) {
    const std::string id = Printable(node.name);
    std::string unique = id;
    for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{}~{}", id, i);
    ids.push_back(std::move(unique));
  }
  return ids;
}

std::string DotQuoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string EdgeLabel(const FileEdge& edge) {
  std::string label = Count(edge.calls) + " ×";
  if (edge.p99_ns) {
    label += " · p99 " + Quantity(edge.p99_ns, document::Unit::kNanoseconds);
  }
  return label;
}

Result<void> WriteDot(const std::vector<FileNode>& nodes, const VisitEdges& edges, Pieces& out) {
  const std::vector<std::string> ids = Ids(nodes);
  out.text() +=
      "digraph dependencies {\n  rankdir=LR;\n  node [shape=box, style=rounded, "
      "fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=9];\n";
  for (size_t i = 0; i < nodes.size(); ++i) {
    const FileNode& node = nodes[i];
    const char* shape = node.kind == "database" ? ", shape=cylinder"
                        : node.kind == "cache"  ? ", shape=hexagon"
                        : node.kind == "entry"  ? ", shape=plaintext"
                                                : "";
    fmt::format_to(std::back_inserter(out.text()),
                   "  {} [kind={}, calls={}, own_time_ns={:.0f}{}];\n", DotQuoted(ids[i]),
                   DotQuoted(node.kind), node.calls, node.own_time_ns, shape);
    RETURN_IF_ERROR(out.Next());
  }
  RETURN_IF_ERROR(edges([&](const FileEdge& edge) -> Result<void> {
    fmt::format_to(std::back_inserter(out.text()), "  {} -> {} [kind={}, calls={}, errors={}",
                   DotQuoted(ids[edge.caller]), DotQuoted(ids[edge.callee]), DotQuoted(edge.kind),
                   edge.calls, edge.errors);
    for (const auto& [name, value] :
         {std::pair("p50_ns", edge.p50_ns), std::pair("p95_ns", edge.p95_ns),
          std::pair("p99_ns", edge.p99_ns), std::pair("own_time_ns", edge.own_time_ns)}) {
      const std::string text = Whole(value);
      if (!text.empty()) out.text() += fmt::format(", {}={}", name, text);
    }
    out.text() += fmt::format(", label={}];\n", DotQuoted(EdgeLabel(edge)));
    return out.Next();
  }));
  out.text() += "}\n";
  return out.End();
}

Result<void> WriteGraphMl(const std::vector<FileNode>& nodes, const VisitEdges& edges,
                          Pieces& out) {
  const std::vector<std::string> ids = Ids(nodes);
  constexpr size_t kNoLimit = 1'000'000;
  out.text() +=
      R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="node_kind" for="node" attr.name="kind" attr.type="string"/>
  <key id="node_calls" for="node" attr.name="calls" attr.type="long"/>
  <key id="node_own_time" for="node" attr.name="own_time_ns" attr.type="double"/>
  <key id="kind" for="edge" attr.name="kind" attr.type="string"/>
  <key id="calls" for="edge" attr.name="calls" attr.type="long"/>
  <key id="errors" for="edge" attr.name="errors" attr.type="long"/>
  <key id="p50" for="edge" attr.name="p50_ns" attr.type="double"/>
  <key id="p95" for="edge" attr.name="p95_ns" attr.type="double"/>
  <key id="p99" for="edge" attr.name="p99_ns" attr.type="double"/>
  <key id="own_time" for="edge" attr.name="own_time_ns" attr.type="double"/>
  <graph id="dependencies" edgedefault="directed">
)";
  for (size_t i = 0; i < nodes.size(); ++i) {
    const FileNode& node = nodes[i];
    const std::string id = Html(ids[i], kNoLimit);
    fmt::format_to(
        std::back_inserter(out.text()),
        "    <node id=\"{}\"><data key=\"name\">{}</data><data key=\"node_kind\">{}</data>"
        "<data key=\"node_calls\">{}</data><data key=\"node_own_time\">{:.0f}</data>"
        "</node>\n",
        id, id, Html(node.kind), node.calls, node.own_time_ns);
    RETURN_IF_ERROR(out.Next());
  }
  size_t i = 0;
  RETURN_IF_ERROR(edges([&](const FileEdge& edge) -> Result<void> {
    fmt::format_to(std::back_inserter(out.text()),
                   "    <edge id=\"e{}\" source=\"{}\" target=\"{}\"><data key=\"kind\">{}</data>"
                   "<data key=\"calls\">{}</data><data key=\"errors\">{}</data>",
                   i++, Html(ids[edge.caller], kNoLimit), Html(ids[edge.callee], kNoLimit),
                   Html(edge.kind), edge.calls, edge.errors);
    for (const auto& [key, value] :
         {std::pair("p50", edge.p50_ns), std::pair("p95", edge.p95_ns),
          std::pair("p99", edge.p99_ns), std::pair("own_time", edge.own_time_ns)}) {
      const std::string text = Whole(value);
      if (!text.empty()) out.text() += fmt::format("<data key=\"{}\">{}</data>", key, text);
    }
    out.text() += "</edge>\n";
    return out.Next();
  }));
  out.text() += "  </graph>\n</graphml>\n";
  return out.End();
}

std::string CsvField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

Result<void> WriteCsv(const std::vector<FileNode>& nodes, const VisitEdges& edges, Pieces& out) {
  const std::vector<std::string> ids = Ids(nodes);
  out.text() += "caller,callee,kind,calls,errors,p50_ns,p95_ns,p99_ns,own_time_ns,callee_kind\n";
  RETURN_IF_ERROR(edges([&](const FileEdge& edge) -> Result<void> {
    fmt::format_to(std::back_inserter(out.text()), "{},{},{},{},{},{},{},{},{},{}\n",
                   CsvField(ids[edge.caller]), CsvField(ids[edge.callee]), edge.kind, edge.calls,
                   edge.errors, Whole(edge.p50_ns), Whole(edge.p95_ns), Whole(edge.p99_ns),
                   Whole(edge.own_time_ns), nodes[edge.callee].kind);
    return out.Next();
  }));
  return out.End();
}

void WriteWhole(const char* key, std::optional<double> value, JsonWriter& json) {
  json.Key(key);
  value&& std::isfinite(*value) ? json.Int(std::llround(*value)) : json.Null();
}

// One object; a node or an edge a line.
Result<void> WriteJson(const std::vector<FileNode>& nodes, const VisitEdges& edges, Pieces& out) {
  const std::vector<std::string> ids = Ids(nodes);
  out.text() += "{\"schema\":1,\"nodes\":[";
  for (size_t i = 0; i < nodes.size(); ++i) {
    const FileNode& node = nodes[i];
    out.text() += i > 0 ? ",\n" : "\n";
    JsonWriter json(&out.text());
    json.BeginObject().Key("id").String(ids[i]).Key("kind").String(node.kind);
    json.Key("calls").Uint(node.calls);
    WriteWhole("own_time_ns", node.own_time_ns, json);
    json.EndObject();
    RETURN_IF_ERROR(out.Next());
  }
  out.text() += "\n],\"edges\":[";
  size_t i = 0;
  RETURN_IF_ERROR(edges([&](const FileEdge& edge) -> Result<void> {
    out.text() += i++ > 0 ? ",\n" : "\n";
    JsonWriter json(&out.text());
    json.BeginObject().Key("caller").String(ids[edge.caller]);
    json.Key("callee").String(ids[edge.callee]).Key("kind").String(edge.kind);
    json.Key("calls").Uint(edge.calls).Key("errors").Uint(edge.errors);
    WriteWhole("p50_ns", edge.p50_ns, json);
    WriteWhole("p95_ns", edge.p95_ns, json);
    WriteWhole("p99_ns", edge.p99_ns, json);
    WriteWhole("own_time_ns", edge.own_time_ns, json);
    json.EndObject();
    return out.Next();
  }));
  out.text() += "\n]}\n";
  return out.End();
}

// Text within "...": Mermaid knows no backslash, but the entities of HTML.
std::string MermaidText(std::string_view text) {
  std::string out;
  for (const char c : ShortName(Printable(text))) {
    switch (c) {
      case '"':
        out += "#quot;";
        break;
      case '#':
        out += "#35;";
        break;
      case '<':
        out += "#lt;";
        break;
      case '>':
        out += "#gt;";
        break;
      case '&':
        out += "#amp;";
        break;
      case '`':
        out += "#96;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Result<void> WriteMermaid(const std::vector<FileNode>& nodes, const VisitEdges& edges,
                          Pieces& out) {
  out.text() += "flowchart LR\n";
  for (size_t i = 0; i < nodes.size(); ++i) {
    const FileNode& node = nodes[i];
    const auto [open, close] = node.kind == "database" ? std::pair("[(", ")]")
                               : node.kind == "cache"  ? std::pair("{{", "}}")
                               : node.kind == "entry"  ? std::pair("([", "])")
                                                       : std::pair("[", "]");
    out.text() += fmt::format("  n{}{}\"{}\"{}\n", i, open, MermaidText(node.name), close);
    RETURN_IF_ERROR(out.Next());
  }
  RETURN_IF_ERROR(edges([&](const FileEdge& edge) -> Result<void> {
    out.text() += fmt::format("  n{} -->|\"{}\"| n{}\n", edge.caller, EdgeLabel(edge), edge.callee);
    return out.Next();
  }));
  return out.End();
}

}  // namespace

std::optional<GraphFormat> GraphFormatOf(std::string_view name) {
  for (size_t i = 0; i < std::size(kFormats); ++i) {
    if (name == kFormats[i]) return static_cast<GraphFormat>(i);
  }
  return std::nullopt;
}

Result<void> WriteGraph(const FileGraph& graph, GraphFormat format, const PutText& put) {
  const auto visit = [&graph](const TakeEdge& take) -> Result<void> {
    for (const FileEdge& edge : graph.edges) RETURN_IF_ERROR(take(edge));
    return {};
  };
  return WriteGraph(graph.nodes, visit, format, put);
}

Result<void> WriteGraph(const std::vector<FileNode>& nodes, const VisitEdges& edges,
                        GraphFormat format, const PutText& put) {
  Pieces out(put);
  switch (format) {
    case GraphFormat::kDot:
      return WriteDot(nodes, edges, out);
    case GraphFormat::kGraphMl:
      return WriteGraphMl(nodes, edges, out);
    case GraphFormat::kCsv:
      return WriteCsv(nodes, edges, out);
    case GraphFormat::kJson:
      return WriteJson(nodes, edges, out);
    case GraphFormat::kMermaid:
      return WriteMermaid(nodes, edges, out);
  }
  return {};
}

}  // namespace plumbago::render
