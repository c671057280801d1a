#include "analysis/focal_graph.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/whole_ticks.h"
#include "base/int128.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {
namespace {

using graph::DependencyEdge;
using model::ServiceId;

// What is known of a service over all calls to it.
struct Called {
  UInt128 self_ns = 0;
  uint64_t calls = 0, stateful = 0, cache = 0;
};
using Services = std::map<ServiceId, Called>;

Services VisitServices(const graph::DependencyGraph& graph) {
  Services services;
  graph.VisitEdges([&](const DependencyEdge& edge) {
    Called& called = services[edge.callee];
    called.self_ns += edge.totals.self_ns;
    called.calls += edge.totals.calls;
    if (model::IsStateful(edge.kind)) called.stateful += edge.totals.calls;
    if (edge.kind == model::Kind::kCache) called.cache += edge.totals.calls;
  });
  return services;
}

// kNoService: none.
ServiceId Focus(const Services& services) {
  ServiceId best = model::kNoService;
  const Called* most = nullptr;
  for (const bool stateless : {true, false}) {
    for (const auto& [service, called] : services) {
      if (service == model::kNoService) continue;
      if (stateless && called.stateful == called.calls) continue;
      if (most == nullptr ||
          std::pair(called.self_ns, called.calls) > std::pair(most->self_ns, most->calls)) {
        best = service;
        most = &called;
      }
    }
    if (most != nullptr) break;
  }
  return best;
}

// Services and the time waited for them, or by them.
using Waited = std::map<ServiceId, std::pair<UInt128, uint64_t>>;  // time, calls

void Count(const DependencyEdge& edge, ServiceId service, Waited& waited) {
  auto& [ns, calls] = waited[service];
  ns += edge.totals.latency_ns.sum();
  calls += edge.totals.calls;
}

// The first `most` by time, then by calls, then by name.
std::vector<ServiceId> Largest(const Waited& waited, size_t most) {
  std::vector<std::pair<std::pair<UInt128, uint64_t>, ServiceId>> order;
  for (const auto& [service, weight] : waited) order.emplace_back(weight, service);
  const auto before = [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  };
  const size_t kept = std::min(most, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                    before);
  std::vector<ServiceId> out;
  out.reserve(kept);
  for (size_t i = 0; i < kept; ++i) out.push_back(order[i].second);
  return out;
}

struct Neighbours {
  std::vector<ServiceId> chosen;  // the focus first, then callers, callees, theirs
  size_t left_out = 0;
  bool outside = false;  // kNoService among them is a caller, not a callee
};

Neighbours ChooseNeighbours(const graph::DependencyGraph& graph, ServiceId focus) {
  Waited callers, callees, second;
  graph.VisitEdges([&](const DependencyEdge& edge) {
    if (edge.caller == edge.callee) return;
    if (edge.callee == focus) Count(edge, edge.caller, callers);
    if (edge.caller == focus) Count(edge, edge.callee, callees);
  });
  Neighbours out{.chosen = {focus}};
  std::set<ServiceId> seen{focus};
  const auto take = [&](const Waited& from, size_t most) {
    for (const ServiceId service : Largest(from, most)) {
      seen.insert(service);
      out.chosen.push_back(service);
    }
    out.left_out += from.size() - std::min(most, from.size());
  };
  take(callers, kFocalCallers);
  out.outside = seen.contains(model::kNoService);
  std::erase_if(callees, [&](const auto& entry) { return seen.contains(entry.first); });
  const std::set<ServiceId> above = seen;
  take(callees, kFocalCallees);
  graph.VisitEdges([&](const DependencyEdge& edge) {
    if (edge.caller == model::kNoService || above.contains(edge.caller)) return;
    if (!seen.contains(edge.caller) || seen.contains(edge.callee)) return;
    Count(edge, edge.callee, second);
  });
  std::erase_if(second, [&](const auto& entry) {
    return callers.contains(entry.first) || callees.contains(entry.first);
  });
  take(second, kFocalSecond);
  return out;
}

const char* KindOf(ServiceId service, const Services& services) {
  const auto called = services.find(service);
  if (called == services.end() || called->second.stateful < called->second.calls) return "service";
  return called->second.cache * 2 > called->second.calls ? "cache" : "database";
}

// All links between the chosen, a pair of services once: of several kinds that with most calls.
class LinkVisit {
 public:
  LinkVisit(const Neighbours& neighbours, const Facts& facts)
      : outside_(neighbours.outside), facts_(facts) {
    for (size_t i = 0; i < neighbours.chosen.size(); ++i) {
      index_[neighbours.chosen[i]] = static_cast<uint32_t>(i);
    }
  }

  std::vector<document::GraphLink> Links(const graph::DependencyGraph& graph) {
    graph.VisitEdges([&](const DependencyEdge& edge) { Add(edge); });
    std::stable_sort(links_.begin(), links_.end(),
                     [](const auto& a, const auto& b) { return a.total_ns > b.total_ns; });
    return std::move(links_);
  }

 private:
  void Add(const DependencyEdge& edge) {
    // One id stands for the outside, which only calls, and for a callee that is not known.
    if ((outside_ ? edge.callee : edge.caller) == model::kNoService) return;
    const auto caller = index_.find(edge.caller), callee = index_.find(edge.callee);
    if (caller == index_.end() || callee == index_.end()) return;
    // Edges come in the order of caller, callee, kind.
    if (links_.empty() || links_.back().caller != caller->second ||
        links_.back().callee != callee->second) {
      document::GraphLink& link = links_.emplace_back();
      link.caller = caller->second;
      link.callee = callee->second;
      latency_ns_ = {};
      most_ = 0;
    }
    document::GraphLink& link = links_.back();
    link.calls += edge.totals.calls;
    if (edge.totals.calls > most_) {
      most_ = edge.totals.calls;
      link.kind = model::KindName(edge.kind);
    }
    latency_ns_.Merge(edge.totals.latency_ns);
    const auto quantile = [&](double q) {
      return WholeTicks(latency_ns_.Quantile(q), facts_.tick_ns);
    };
    link.p50_ns = quantile(0.5);
    link.p99_ns = quantile(0.99);
    link.total_ns = static_cast<double>(latency_ns_.sum());
  }

  bool outside_;
  const Facts& facts_;
  std::map<ServiceId, uint32_t> index_;
  std::vector<document::GraphLink> links_;
  statistics::QuantileSketch latency_ns_;  // of the last link
  uint64_t most_ = 0;
};

}  // namespace

document::Figure FocalGraph(const graph::DependencyGraph& graph, const Facts& facts) {
  document::Figure figure;
  figure.id = "focal_graph";
  figure.kind = document::FigureKind::kGraph;
  figure.key = true;
  const Services services = VisitServices(graph);
  const ServiceId focus = Focus(services);
  if (focus == model::kNoService) {
    figure.title = "Around the service with the most own time";
    return figure;
  }
  const Neighbours neighbours = ChooseNeighbours(graph, focus);
  figure.more_nodes = neighbours.left_out;
  figure.links = LinkVisit(neighbours, facts).Links(graph);
  for (const ServiceId service : neighbours.chosen) {
    document::GraphNode& node = figure.nodes.emplace_back();
    if (service == model::kNoService) {
      node.name = neighbours.outside ? "(outside)" : "(unknown)";
      node.kind = neighbours.outside ? "entry" : "";
      continue;
    }
    node.name = facts.names->Text(service);
    node.kind = KindOf(service, services);
    node.focus = service == focus;
    const auto known = services.find(service);
    if (known != services.end()) node.weight = static_cast<double>(known->second.self_ns);
  }
  figure.title = "Around " + figure.nodes[0].name + ", the service with the most own time";
  return figure;
}

}  // namespace plumbago::analysis
