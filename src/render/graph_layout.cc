#include "render/graph_layout.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "render/figure_graph.h"

namespace plumbago::render {
namespace {

using Links = std::vector<std::pair<size_t, size_t>>;  // caller, callee

constexpr int kNowhere = std::numeric_limits<int>::min();

std::vector<std::vector<size_t>> Neighbours(const Links& links, size_t nodes, bool callees) {
  std::vector<std::vector<size_t>> out(nodes);
  for (const auto& [caller, callee] : links) {
    callees ? out[caller].push_back(callee) : out[callee].push_back(caller);
  }
  return out;
}

// Steps from `start`; kNowhere: not reached.
std::vector<int> Distances(const std::vector<std::vector<size_t>>& next, size_t start) {
  std::vector<int> distance(next.size(), kNowhere);
  distance[start] = 0;
  std::deque<size_t> todo{start};
  while (!todo.empty()) {
    const size_t node = todo.front();
    todo.pop_front();
    for (const size_t to : next[node]) {
      if (distance[to] != kNowhere) continue;
      distance[to] = distance[node] + 1;
      todo.push_back(to);
    }
  }
  return distance;
}

std::vector<int> LayersAround(size_t focus, const Links& links, size_t nodes) {
  const std::vector<int> down = Distances(Neighbours(links, nodes, true), focus);
  const std::vector<int> up = Distances(Neighbours(links, nodes, false), focus);
  std::vector<int> layer(nodes, kNowhere);
  for (size_t i = 0; i < nodes; ++i) {
    if (down[i] != kNowhere && (up[i] == kNowhere || down[i] <= up[i])) {
      layer[i] = down[i];
    } else if (up[i] != kNowhere) {
      layer[i] = -up[i];
    }
  }
  // What is beside: next to whoever it has a link with.
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& [caller, callee] : links) {
      if (layer[caller] == kNowhere && layer[callee] != kNowhere) {
        layer[caller] = layer[callee] - 1;
        moved = true;
      } else if (layer[callee] == kNowhere && layer[caller] != kNowhere) {
        layer[callee] = layer[caller] + 1;
        moved = true;
      }
    }
  }
  for (int& at : layer) at = at == kNowhere ? 1 : at;
  return layer;
}

std::vector<int> LayersFromSources(const Links& links, size_t nodes) {
  const std::vector<std::vector<size_t>> callees = Neighbours(links, nodes, true);
  enum : uint8_t { kNew, kOpen, kDone };
  std::vector<uint8_t> state(nodes, kNew);
  std::vector<size_t> finished;
  Links kept;
  const std::function<void(size_t)> visit = [&](size_t node) {
    state[node] = kOpen;
    for (const size_t callee : callees[node]) {
      if (state[callee] == kOpen) continue;  // closes a cycle
      kept.emplace_back(node, callee);
      if (state[callee] == kNew) visit(callee);
    }
    state[node] = kDone;
    finished.push_back(node);
  };
  for (size_t i = 0; i < nodes; ++i) {
    if (state[i] == kNew) visit(i);
  }
  std::vector<int> layer(nodes, 0);
  const std::vector<std::vector<size_t>> next = Neighbours(kept, nodes, true);
  for (auto node = finished.rbegin(); node != finished.rend(); ++node) {
    for (const size_t callee : next[*node]) {
      layer[callee] = std::max(layer[callee], layer[*node] + 1);
    }
  }
  return layer;
}

// Of links between neighbouring layers.
size_t Crossings(const GraphLayout& layout, const std::vector<size_t>& place, const Links& links) {
  size_t crossings = 0;
  for (size_t i = 0; i < links.size(); ++i) {
    const auto& [a, b] = links[i];
    if (layout.layer[b] - layout.layer[a] != 1) continue;
    for (size_t j = i + 1; j < links.size(); ++j) {
      const auto& [c, d] = links[j];
      if (layout.layer[c] != layout.layer[a] || layout.layer[d] != layout.layer[b]) continue;
      crossings += (place[a] < place[c] && place[b] > place[d]) ||
                   (place[a] > place[c] && place[b] < place[d]);
    }
  }
  return crossings;
}

std::vector<size_t> Places(const GraphLayout& layout) {
  std::vector<size_t> place(layout.layer.size(), 0);
  for (const auto& nodes : layout.layers) {
    for (size_t i = 0; i < nodes.size(); ++i) place[nodes[i]] = i;
  }
  return place;
}

// Orders a layer by the mean place of the nodes that its own are linked with in layer `beside`.
void SortByBarycentre(std::vector<size_t>& nodes, int beside, const GraphLayout& layout,
                      const Links& links) {
  const std::vector<size_t> place = Places(layout);
  std::map<size_t, std::pair<size_t, size_t>> sums;  // sum of places, how many
  const auto size = layout.layers[static_cast<size_t>(beside)].size();
  for (const auto& [caller, callee] : links) {
    for (const auto& [node, other] : {std::pair(caller, callee), std::pair(callee, caller)}) {
      if (layout.layer[other] != beside) continue;
      sums[node].first += place[other];
      ++sums[node].second;
    }
  }
  // Compared as fractions of the other layer's height; a node without links stays about where it
  // is.
  const auto barycentre = [&](size_t node) {
    const auto found = sums.find(node);
    if (found == sums.end()) {
      return (static_cast<double>(place[node]) + 0.5) / static_cast<double>(nodes.size());
    }
    return (static_cast<double>(found->second.first) / static_cast<double>(found->second.second) +
            0.5) /
           static_cast<double>(size);
  };
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](size_t a, size_t b) { return barycentre(a) < barycentre(b); });
}

}  // namespace

GraphLayout LayOutGraph(const document::Figure& figure, size_t most) {
  GraphLayout layout;
  const size_t nodes = std::min(figure.nodes.size(), most);
  layout.nodes_left_out = figure.nodes.size() - nodes;
  if (nodes == 0) return layout;
  Links links;
  for (const document::GraphLink& link : figure.links) {
    if (link.caller < nodes && link.callee < nodes && link.caller != link.callee) {
      links.emplace_back(link.caller, link.callee);
    }
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());

  const std::optional<size_t> focus = FocusOf(figure);
  layout.layer = focus && *focus < nodes ? LayersAround(*focus, links, nodes)
                                         : LayersFromSources(links, nodes);
  std::map<int, std::vector<size_t>> by_layer;
  for (size_t i = 0; i < nodes; ++i) by_layer[layout.layer[i]].push_back(i);
  for (auto& [unused, members] : by_layer) {
    for (const size_t node : members) layout.layer[node] = static_cast<int>(layout.layers.size());
    layout.layers.push_back(std::move(members));
  }
  layout.layer.resize(figure.nodes.size(), -1);

  constexpr int kSweeps = 8;
  layout.crossings = Crossings(layout, Places(layout), links);
  GraphLayout tried = layout;
  const int last = static_cast<int>(layout.layers.size()) - 1;
  for (int sweep = 0; sweep < kSweeps && layout.crossings > 0; ++sweep) {
    if (sweep % 2 == 0) {
      for (int l = 1; l <= last; ++l) {
        SortByBarycentre(tried.layers[static_cast<size_t>(l)], l - 1, tried, links);
      }
    } else {
      for (int l = last - 1; l >= 0; --l) {
        SortByBarycentre(tried.layers[static_cast<size_t>(l)], l + 1, tried, links);
      }
    }
    tried.crossings = Crossings(tried, Places(tried), links);
    if (tried.crossings < layout.crossings) layout = tried;
  }
  return layout;
}

}  // namespace plumbago::render
