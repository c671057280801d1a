#include "render/file_graph.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/edit_distance.h"
#include "render/quantity.h"

namespace plumbago::render {

FileGraph FileGraph::Of(const document::Table& table) {
  const auto column = [&](std::string_view id) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (table.columns[c].id == id) return c;
    }
    return table.columns.size();
  };
  const size_t caller = column("caller"), callee = column("callee"), kind = column("kind"),
               calls = column("calls"), errors = column("errors"), p50 = column("p50"),
               p95 = column("p95"), p99 = column("p99"), own = column("self_total");
  static const document::Cell kNothing;
  const auto cell = [](const std::vector<document::Cell>& row, size_t c) -> const document::Cell& {
    return c < row.size() ? row[c] : kNothing;
  };
  const auto text = [&](const std::vector<document::Cell>& row, size_t c) {
    const auto* found = std::get_if<std::string>(&cell(row, c));
    return found == nullptr ? std::string_view() : std::string_view(*found);
  };
  const auto count = [&](const std::vector<document::Cell>& row, size_t c) {
    return static_cast<uint64_t>(std::max(Number(cell(row, c)).value_or(0), 0.0));
  };
  FileGraph graph;
  std::map<std::string_view, size_t> index;
  for (const auto& row : table.rows) {
    index.emplace(text(row, caller), 0);
    index.emplace(text(row, callee), 0);
  }
  for (auto& [name, number] : index) {
    number = graph.nodes.size();
    graph.nodes.push_back({std::string(name), "", 0, 0});
  }
  struct Called {
    uint64_t database = 0, cache = 0;
  };
  std::vector<Called> called(graph.nodes.size());
  graph.edges.reserve(table.rows.size());
  for (const auto& row : table.rows) {
    FileEdge edge;
    edge.caller = index.at(text(row, caller));
    edge.callee = index.at(text(row, callee));
    edge.kind = std::string(text(row, kind));
    edge.calls = count(row, calls);
    edge.errors = count(row, errors);
    edge.p50_ns = Number(cell(row, p50));
    edge.p95_ns = Number(cell(row, p95));
    edge.p99_ns = Number(cell(row, p99));
    edge.own_time_ns = Number(cell(row, own));
    FileNode& node = graph.nodes[edge.callee];
    if (edge.kind != kLinkKind) node.calls += edge.calls;
    if (edge.kind == "database") called[edge.callee].database += edge.calls;
    if (edge.kind == "cache") called[edge.callee].cache += edge.calls;
    graph.edges.push_back(std::move(edge));
  }
  std::sort(graph.edges.begin(), graph.edges.end(), [](const FileEdge& a, const FileEdge& b) {
    return std::tie(a.caller, a.callee, a.kind) < std::tie(b.caller, b.callee, b.kind);
  });
  // Summed in the order of the edges: the same to the bit for any order of the rows.
  for (const FileEdge& edge : graph.edges) {
    graph.nodes[edge.callee].own_time_ns += edge.own_time_ns.value_or(0);
  }
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    FileNode& node = graph.nodes[i];
    node.kind = NodeKind(node.name, node.calls, called[i].database, called[i].cache);
  }
  return graph;
}

FileGraph FileGraph::Around(size_t node, size_t hops) const {
  std::vector<bool> kept(nodes.size(), false);
  for (const bool down : {true, false}) {
    std::vector<bool> reached(nodes.size(), false);
    reached[node] = kept[node] = true;
    for (size_t hop = 0; hop < hops; ++hop) {
      std::vector<size_t> next;
      for (const FileEdge& edge : edges) {
        const size_t from = down ? edge.caller : edge.callee, to = down ? edge.callee : edge.caller;
        if (reached[from] && !reached[to]) next.push_back(to);
      }
      if (next.empty()) break;
      for (const size_t to : next) reached[to] = kept[to] = true;
    }
  }
  std::vector<size_t> between;
  for (size_t i = 0; i < edges.size(); ++i) {
    if (kept[edges[i].caller] && kept[edges[i].callee]) between.push_back(i);
  }
  return Part(kept, between);
}

std::optional<size_t> FileGraph::Find(std::string_view name) const {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].name == name) return i;
  }
  return std::nullopt;
}

std::vector<std::string> FileGraph::Nearest(std::string_view text, size_t most) const {
  const size_t limit = std::max<size_t>(text.size() / 3, 2);
  std::vector<std::pair<size_t, std::string_view>> near;
  for (const FileNode& node : nodes) {
    const size_t distance = EditDistance(text, node.name, limit);
    const bool part = text.size() >= 3 && node.name.find(text) != std::string::npos;
    if (distance <= limit || part) near.emplace_back(part ? 0 : distance, node.name);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> out;
  for (size_t i = 0; i < std::min(most, near.size()); ++i) out.emplace_back(near[i].second);
  return out;
}

FileGraph FileGraph::Largest(size_t most) const {
  if (edges.size() <= most) return *this;
  std::vector<size_t> order(edges.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return edges[a].own_time_ns.value_or(-1) > edges[b].own_time_ns.value_or(-1);
  });
  order.resize(most);
  std::sort(order.begin(), order.end());
  std::vector<bool> kept(nodes.size(), false);
  for (const size_t i : order) kept[edges[i].caller] = kept[edges[i].callee] = true;
  return Part(kept, order);
}

FileGraph FileGraph::Part(const std::vector<bool>& kept, const std::vector<size_t>& which) const {
  FileGraph part;
  std::vector<size_t> number(nodes.size(), 0);
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!kept[i]) continue;
    number[i] = part.nodes.size();
    part.nodes.push_back(nodes[i]);
  }
  for (const size_t i : which) {
    FileEdge& edge = part.edges.emplace_back(edges[i]);
    edge.caller = number[edge.caller];
    edge.callee = number[edge.callee];
  }
  return part;
}

const char* NodeKind(std::string_view name, uint64_t calls, uint64_t database, uint64_t cache) {
  if (name == "(outside)") return "entry";
  if (calls == 0 || database + cache < calls) return "service";
  return cache > database ? "cache" : "database";
}

}  // namespace plumbago::render
