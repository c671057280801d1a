#include "cli/edge_stream.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "analysis/edges.h"
#include "base/int128.h"

namespace plumbago::cli {
namespace {

using graph::DependencyEdge;
using render::FileEdge;
using render::FileNode;

constexpr uint32_t kNoNode = 0xFFFFFFFF;

struct Called {
  uint64_t calls = 0, database = 0, cache = 0;
  UInt128 own_ns = 0;
  bool seen = false;

  void Add(const DependencyEdge& edge) {
    calls += edge.totals.calls;
    if (edge.kind == model::Kind::kDatabase) database += edge.totals.calls;
    if (edge.kind == model::Kind::kCache) cache += edge.totals.calls;
    if (edge.totals.self_known > 0) own_ns += edge.totals.self_ns;
    seen = true;
  }
};

class EdgeStream {
 public:
  EdgeStream(const graph::DependencyGraph& graph, const analysis::Facts& facts)
      : graph_(graph), facts_(facts) {
    graph.VisitEdges([this](const DependencyEdge& edge) {
      (edge.callee == model::kNoService ? unknown_ : At(edge.callee)).Add(edge);
      if (edge.caller == model::kNoService) {
        outside_ = true;
      } else {
        At(edge.caller).seen = true;
      }
    });
    MakeNodes();
  }

  Result<void> Write(render::GraphFormat format, const render::PutText& put) {
    return render::WriteGraph(
        nodes_, [this](const render::TakeEdge& take) { return Visit(take); }, format, put);
  }

 private:
  Called& At(model::ServiceId service) {
    const size_t index = Index(service);
    if (index >= called_.size()) called_.resize(std::max(index + 1, called_.size() * 2));
    return called_[index];
  }

  // By name; what has one name is one node.
  void MakeNodes() {
    std::vector<std::pair<std::string_view, uint32_t>> order;
    constexpr uint32_t kOutside = kNoNode, kUnknown = kNoNode - 1;
    if (outside_) order.emplace_back("(outside)", kOutside);
    if (unknown_.seen) order.emplace_back("(unknown)", kUnknown);
    for (uint32_t i = 0; i < called_.size(); ++i) {
      if (called_[i].seen) order.emplace_back(facts_.names->Text(Id<model::ServiceId>(i)), i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    node_of_.assign(called_.size(), kNoNode);
    Called sum;
    for (size_t i = 0; i < order.size(); ++i) {
      const auto& [name, which] = order[i];
      if (i == 0 || order[i - 1].first != name) {
        nodes_.push_back({std::string(name), "", 0, 0});
        sum = {};
      }
      const auto node = static_cast<uint32_t>(nodes_.size() - 1);
      if (which == kOutside) {
        outside_node_ = node;
      } else {
        const Called& called = which == kUnknown ? unknown_ : called_[which];
        (which == kUnknown ? unknown_node_ : node_of_[which]) = node;
        sum.calls += called.calls;
        sum.database += called.database;
        sum.cache += called.cache;
        sum.own_ns += called.own_ns;
      }
      FileNode& made = nodes_.back();
      made.kind = render::NodeKind(name, sum.calls, sum.database, sum.cache);
      made.calls = sum.calls;
      made.own_time_ns = static_cast<double>(sum.own_ns);
    }
    std::vector<Called>().swap(called_);
  }

  uint32_t NodeOf(model::ServiceId service, uint32_t none) const {
    return service == model::kNoService ? none : node_of_[Index(service)];
  }

  FileEdge Made(const DependencyEdge& edge) const {
    const analysis::KnownTimes times = analysis::TimesOf(edge.totals, facts_.tick_ns);
    const auto number = [](std::optional<int64_t> value) {
      return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
    };
    FileEdge made;
    made.caller = NodeOf(edge.caller, outside_node_);
    made.callee = NodeOf(edge.callee, unknown_node_);
    made.kind = model::KindName(edge.kind);
    made.calls = edge.totals.calls;
    made.errors = edge.totals.errors;
    made.p50_ns = number(times.p50_ns);
    made.p95_ns = number(times.p95_ns);
    made.p99_ns = number(times.p99_ns);
    made.own_time_ns = number(times.self_ns);
    return made;
  }

  // Callers come in the order of their names, but for the outside, which comes last: its edges are
  // fetched by a pass of their own, before.
  Result<void> Visit(const render::TakeEdge& take) const {
    std::vector<FileEdge> outside, group;
    if (outside_) {
      graph_.VisitEdges([&](const DependencyEdge& edge) {
        if (edge.caller == model::kNoService) outside.push_back(Made(edge));
      });
    }
    Result<void> done;
    const auto hand_on = [&](std::vector<FileEdge>& edges) {
      std::sort(edges.begin(), edges.end(), [](const FileEdge& a, const FileEdge& b) {
        return std::tie(a.callee, a.kind) < std::tie(b.callee, b.kind);
      });
      for (const FileEdge& edge : edges) {
        if (done) done = take(edge);
      }
      edges.clear();
    };
    graph_.VisitEdges([&](const DependencyEdge& edge) {
      if (!done || edge.caller == model::kNoService) return;
      const uint32_t caller = NodeOf(edge.caller, outside_node_);
      if (!group.empty() && group.back().caller != caller) hand_on(group);
      if (caller > outside_node_ && !outside.empty()) hand_on(outside);
      group.push_back(Made(edge));
    });
    hand_on(group);
    hand_on(outside);
    return done;
  }

  const graph::DependencyGraph& graph_;
  const analysis::Facts& facts_;
  std::vector<Called> called_;  // by service; gone when the nodes are made
  Called unknown_;
  bool outside_ = false;
  uint32_t outside_node_ = kNoNode, unknown_node_ = kNoNode;
  std::vector<uint32_t> node_of_;  // by service
  std::vector<FileNode> nodes_;
};

}  // namespace

Result<void> StreamGraph(const graph::DependencyGraph& graph, const analysis::Facts& facts,
                         render::GraphFormat format, const render::PutText& put) {
  return EdgeStream(graph, facts).Write(format, put);
}

}  // namespace plumbago::cli
