#include "analysis/cycles.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <span>

#include "analysis/keep_first.h"
#include "analysis/row_of.h"
#include "analysis/share.h"
#include "analysis/share_claim.h"
#include "analysis/trace_weight.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using graph::kNone;
using statistics::BucketedRatio;

using State = Cycles::State;
using Found = State::Found;

constexpr const char* kSource = "SoCC'21 (cyclic dependency)";
// So long a way back is looked at for the name of a path's cycle.
constexpr size_t kLongest = 64;
// So many cycles of a trace are told; the first ones on its paths.
constexpr size_t kMostCycles = 256;

// Without an edge to a node that stands before its caller there is no cycle, however the nodes are
// numbered; in a trace most edges lead onwards, so this says no to nearly all trees.
struct QuickLook {
  bool self = false, backwards = false;

  explicit QuickLook(const graph::CallGraph& graph) {
    for (const graph::Edge& edge : graph.edges) {
      self |= edge.caller == edge.callee;
      backwards |= edge.callee < edge.caller;
    }
  }
};

// A call of a service that is not known calls on: no edge tells what it closes.
bool CallsThroughUnknown(const graph::CallGraph& graph) {
  for (uint32_t i = 0; i < graph.calls.size(); ++i) {
    if (graph.calls[i].callee_node == kNone && graph.calls[i].subtree_end > i + 1) return true;
  }
  return false;
}

// Callees of each node, without itself.
void ListCallees(State& state, const graph::CallGraph& graph) {
  const size_t nodes = graph.nodes.size();
  state.first.assign(nodes + 1, 0);
  for (const graph::Edge& edge : graph.edges) {
    if (edge.caller != edge.callee) ++state.first[edge.caller + 1];
  }
  for (size_t i = 1; i <= nodes; ++i) state.first[i] += state.first[i - 1];
  state.targets.resize(state.first[nodes]);
  for (const graph::Edge& edge : graph.edges) {
    if (edge.caller != edge.callee) state.targets[state.first[edge.caller]++] = edge.callee;
  }
  for (size_t i = nodes; i > 0; --i) state.first[i] = state.first[i - 1];
  state.first[0] = 0;
}

// Tarjan without recursion: the part of each node, and visit(members) for each part of two nodes
// or more.
template <class F>
void FindParts(State& state, size_t nodes, F&& visit) {
  state.index.assign(nodes, kNone);
  state.low.assign(nodes, 0);
  state.part.assign(nodes, kNone);
  state.stack.clear();
  uint32_t next_index = 0, next_part = 0;
  for (uint32_t root = 0; root < nodes; ++root) {
    if (state.index[root] != kNone) continue;
    state.open.assign(1, {root, state.first[root]});
    state.index[root] = state.low[root] = next_index++;
    state.stack.push_back(root);
    while (!state.open.empty()) {
      State::Open& at = state.open.back();
      const uint32_t node = at.node;
      if (at.next < state.first[node + 1]) {
        const uint32_t callee = state.targets[at.next++];
        if (state.index[callee] == kNone) {
          state.index[callee] = state.low[callee] = next_index++;
          state.stack.push_back(callee);
          state.open.push_back({callee, state.first[callee]});
        } else if (state.part[callee] == kNone) {
          state.low[node] = std::min(state.low[node], state.index[callee]);
        }
        continue;
      }
      state.open.pop_back();
      if (!state.open.empty()) {
        uint32_t& low = state.low[state.open.back().node];
        low = std::min(low, state.low[node]);
      }
      if (state.low[node] != state.index[node]) continue;
      size_t begin = state.stack.size();
      do {
        state.part[state.stack[--begin]] = next_part;
      } while (state.stack[begin] != node);
      ++next_part;
      if (state.stack.size() - begin > 1) visit(std::span(state.stack).subspan(begin));
      state.stack.resize(begin);
    }
  }
}

// Adds the cycle of `services` (nodes in the order of calls), begun at the first name; once.
void Add(State& state, const graph::CallGraph& graph, std::span<const uint32_t> nodes,
         State::Strength strength) {
  const auto id = [&](size_t i) { return Index(graph.nodes[nodes[i % nodes.size()]].service); };
  size_t begin = 0;
  for (size_t i = 1; i < nodes.size(); ++i) {
    // A service may be on it twice: then what follows decides.
    for (size_t k = 0; k < nodes.size(); ++k) {
      if (id(i + k) == id(begin + k)) continue;
      if (id(i + k) < id(begin + k)) begin = i;
      break;
    }
  }
  Found found{{}, static_cast<uint32_t>(nodes.size()), strength};
  for (size_t i = 0; i < std::min(nodes.size(), Cycles::kTold); ++i) {
    found.services[i] = id(begin + i);
  }
  for (Found& other : state.found) {
    if (other.services != found.services) continue;
    other.length = std::max(other.length, found.length);
    other.strength = std::max(other.strength, strength);
    return;
  }
  if (state.found.size() < kMostCycles) state.found.push_back(found);
}

// The shortest circle through the part's first name, by breadth.
void AddShortest(State& state, const graph::CallGraph& graph, std::span<const uint32_t> members,
                 State::Strength strength) {
  const auto name = [&graph](uint32_t node) { return Index(graph.nodes[node].service); };
  const uint32_t start = *std::min_element(
      members.begin(), members.end(), [&](uint32_t a, uint32_t b) { return name(a) < name(b); });
  state.from.resize(graph.nodes.size());
  for (const uint32_t member : members) state.from[member] = kNone;
  state.queue.assign(1, start);
  for (size_t next = 0; next < state.queue.size(); ++next) {
    const uint32_t node = state.queue[next];
    // By name, so that the order of edges never shows.
    const auto callees = std::span(state.targets)
                             .subspan(state.first[node], state.first[node + 1] - state.first[node]);
    std::sort(callees.begin(), callees.end(),
              [&](uint32_t a, uint32_t b) { return name(a) < name(b); });
    for (const uint32_t callee : callees) {
      if (callee == start) {
        state.circle.clear();
        for (uint32_t at = node; at != start; at = state.from[at]) state.circle.push_back(at);
        state.circle.push_back(start);
        std::reverse(state.circle.begin(), state.circle.end());
        return Add(state, graph, state.circle, strength);
      }
      if (state.part[callee] != state.part[start] || state.from[callee] != kNone) continue;
      state.from[callee] = node;
      state.queue.push_back(callee);
    }
  }
}

// What the paths of calls come back to.
struct Returns {
  bool cycle = false;    // a service, others between
  bool strong = false;   // the same interface of it
  bool unnamed = false;  // an interface on the way is not named
  bool reenter = false;  // a service calls the interface that it is in
};

// Cycles on paths, in one pass over the tree.
Returns FollowPaths(State& state, const graph::CallGraph& graph) {
  const std::span<const graph::TraceCall> calls = graph.calls;
  Returns returns;
  state.interfaces.clear();
  for (const graph::TraceCall& call : calls) {
    if (call.callee_node != kNone && call.operation != model::kNoOperation) {
      state.interfaces.push_back(uint64_t{call.callee_node} << 32 | Index(call.operation));
    }
  }
  std::sort(state.interfaces.begin(), state.interfaces.end());
  state.interfaces.erase(std::unique(state.interfaces.begin(), state.interfaces.end()),
                         state.interfaces.end());
  state.run.resize(calls.size());
  state.above.assign(calls.size(), kNone);
  state.top.assign(graph.nodes.size(), kNone);
  state.interface_top.assign(state.interfaces.size(), kNone);

  const auto interface_of = [&](const graph::TraceCall& call) -> uint32_t* {
    if (call.operation == model::kNoOperation) return nullptr;
    const uint64_t key = uint64_t{call.callee_node} << 32 | Index(call.operation);
    const auto at = std::lower_bound(state.interfaces.begin(), state.interfaces.end(), key);
    return &state.interface_top[static_cast<size_t>(at - state.interfaces.begin())];
  };
  const auto leave = [&](uint32_t i) {
    const graph::TraceCall& call = calls[i];
    if (call.callee_node == kNone) return;
    state.top[call.callee_node] = state.above[i];
    uint32_t* const topmost = interface_of(call);
    if (topmost != nullptr && *topmost == i) *topmost = kNone;
  };

  state.path.clear();
  for (uint32_t i = 0; i < calls.size(); ++i) {
    while (!state.path.empty() && calls[state.path.back()].subtree_end <= i) {
      leave(state.path.back());
      state.path.pop_back();
    }
    const graph::TraceCall& call = calls[i];
    const uint32_t node = call.callee_node;
    const bool same =
        call.parent != kNone && node != kNone && calls[call.parent].callee_node == node;
    state.run[i] = same ? state.run[call.parent] : i;
    state.path.push_back(i);
    if (node == kNone) continue;
    const uint32_t nearest = state.top[node];  // an open call of the same service
    uint32_t* const topmost = interface_of(call);
    const bool again = topmost != nullptr && *topmost != kNone;
    if (same && again && calls[call.parent].operation == call.operation) returns.reenter = true;
    // Outside the run of self calls that this one stands in.
    const uint32_t outer = same ? state.above[state.run[i]] : nearest;
    const bool strong = again && *topmost < state.run[i];
    if (outer != kNone && (!same || strong)) {
      // The services between, runs of one joined.
      state.circle.assign(1, node);
      size_t steps = 0;
      for (uint32_t at = calls[state.run[i]].parent; at != outer && steps < kLongest;
           at = calls[at].parent, ++steps) {
        const uint32_t between = calls[at].callee_node;
        if (between != kNone && between != state.circle.back()) state.circle.push_back(between);
      }
      const bool unnamed = !strong && (call.operation == model::kNoOperation ||
                                       calls[outer].operation == model::kNoOperation);
      if (state.circle.size() > 1) {
        std::reverse(state.circle.begin() + 1, state.circle.end());
        Add(state, graph, state.circle,
            strong    ? State::kStrong
            : unnamed ? State::kUntold
                      : State::kWeak);
        returns.cycle = true;
        returns.strong |= strong;
        returns.unnamed |= unnamed;
      }
    }
    state.above[i] = nearest;
    state.top[node] = i;
    if (topmost != nullptr && *topmost == kNone) *topmost = i;
  }
  return returns;
}

}  // namespace

void Cycles::Cycle::Merge(const Cycle& other) {
  traces += other.traces;
  strong += other.strong;
  weak += other.weak;
  longest = std::max(longest, other.longest);
  examples.Merge(other.examples);
}

void Cycles::Cycle::Save(std::string& out) const {
  for (const uint64_t number : {traces, strong, weak, uint64_t{longest}}) {
    statistics::AppendVarint(out, number);
  }
  examples.Save(out);
}

bool Cycles::Cycle::Load(statistics::StateReader& in) {
  traces = in.Varint();
  strong = in.Varint();
  weak = in.Varint();
  const uint64_t length = in.Varint();
  longest = static_cast<uint32_t>(length);
  examples = {};
  return examples.Load(in) && in.ok() && traces > 0 && strong <= traces &&
         weak <= traces - strong && length == longest && longest >= 2;
}

const Description Cycles::kDescription = {
    .id = "cycles",
    .title = "Cyclic dependencies",
    .question = "Do services call each other in circles, and could a request wait for itself?",
    .needs = "trace, parent (path or span), caller, callee, operation",
    .source = "SoCC'21 (cyclic dependency); Tarjan 1972",
};

void Cycles::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  const uint64_t times = Times(graph.weight), hash = graph.trace.Hash();
  const auto add = [&](BucketedRatio& ratio, bool yes, bool counts) {
    ratio.Add(hash, yes ? static_cast<int64_t>(times) : 0,
              counts ? static_cast<int64_t>(times) : 0);
  };
  state.traces += times;
  const QuickLook look(graph);
  const bool self = look.self;
  bool cyclic = false;
  state.found.clear();
  if (look.backwards) {
    ListCallees(state, graph);
    FindParts(state, graph.nodes.size(), [&](std::span<const uint32_t>) { cyclic = true; });
  }
  Returns returns;
  if (cyclic || self || CallsThroughUnknown(graph)) returns = FollowPaths(state, graph);
  // Circles that no path goes round.
  if (cyclic && state.found.empty()) {
    const State::Strength strength = graph.calls.empty() ? State::kUntold : State::kWeak;
    FindParts(state, graph.nodes.size(), [&](std::span<const uint32_t> members) {
      AddShortest(state, graph, members, strength);
    });
  }
  cyclic |= returns.cycle;
  const bool untold = cyclic && !returns.strong && (graph.calls.empty() || returns.unnamed);
  state.untold += untold ? times : 0;
  const bool told = !graph.calls.empty() && !untold;
  add(state.cyclic, cyclic, true);
  add(state.strong, returns.strong, told);
  add(state.weak, cyclic && !returns.strong && !untold, told);
  add(state.self, self, true);
  add(state.reenter, returns.reenter, !graph.calls.empty());
  if (returns.strong) state.strong_examples.Offer(graph.trace);
  for (const Found& found : state.found) {
    state.length.Add(found.length, times);
    Cycle& cycle = state.cycles[found.services];
    cycle.traces += times;
    cycle.strong += found.strength == State::kStrong ? times : 0;
    cycle.weak += found.strength == State::kWeak ? times : 0;
    cycle.longest = std::max(cycle.longest, found.length);
    cycle.examples.Offer(graph.trace);
  }
}

namespace {

std::string NameOf(const Cycles::Cycle& cycle, const model::Names& names) {
  std::string text;
  for (const uint32_t id : cycle.services) {
    if (id == 0) break;
    if (!text.empty()) text += " > ";
    text += names.Text(Id<model::ServiceId>(id));
  }
  const std::string first(names.Text(Id<model::ServiceId>(cycle.services[0])));
  return cycle.longest > Cycles::kTold ? text + " > ..." : text + " > " + first;
}

// Most traces first, then by name.
std::vector<Cycles::Cycle> MostFrequent(const State& state, size_t most, size_t& all) {
  std::vector<Cycles::Cycle> cycles;
  all = 0;
  const auto before = [](const Cycles::Cycle& a, const Cycles::Cycle& b) {
    return a.traces != b.traces ? a.traces > b.traces : a.services < b.services;
  };
  state.cycles.ForEach([&](const Cycles::Cycle& cycle) {
    ++all;
    KeepFirst(cycles, cycle, most, before);
  });
  std::sort_heap(cycles.begin(), cycles.end(), before);
  return cycles;
}

void AddHeadlines(document::Section& section, const State& state, size_t distinct) {
  const auto share = [&section](const char* name, const char* title,
                                const BucketedRatio& of) -> document::Headline& {
    return section.AddHeadline(name, title, Unit::kShare, of.Ratio());
  };
  share("cyclic", "traces with a cycle of services", state.cyclic).key = true;
  share("strong", "traces with a strong cycle (same interface again)", state.strong).key = true;
  share("weak", "traces with weak cycles only", state.weak);
  share("self_calls", "traces with a service that calls itself", state.self).key = true;
  share("reentered", "traces with an interface that calls itself", state.reenter);
  document::Headline& count = section.AddHeadline(
      "cycles", "distinct cycles", Unit::kCount,
      state.traces > 0 ? std::optional(static_cast<double>(distinct)) : std::nullopt);
  count.total = true;
}

document::Finding CyclesAreRare(const State& state) {
  return Decide({.id = "cycles-are-rare",
                 .whole = "of the traces",
                 .verb = "hold a cycle of services",
                 .sentence = "Cyclic dependencies are rare",
                 .otherwise = "Services often call each other in circles",
                 .border = 0.05,
                 .below = true,
                 .source = kSource,
                 .published = "rather rare"},
                state.cyclic);
}

document::Finding MayWaitForItself(const State& state) {
  document::Finding finding;
  finding.id = "strong-cycles";
  finding.source = kSource;
  finding.published = "strong cycles are a deadlock risk";
  finding.method =
      "On one path of calls the same interface of a service is called again with other services "
      "between. Supported where one such trace was seen.";
  finding.evidence = {
      {"traces with a strong cycle", Unit::kCount, state.strong.numerator()},
      {"traces whose interfaces are told", Unit::kCount, state.strong.denominator()},
      {"cyclic traces whose interfaces are not told", Unit::kCount,
       static_cast<int64_t>(state.untold)}};
  finding.effect = {.name = "share of traces with a strong cycle",
                    .unit = Unit::kShare,
                    .value = state.strong.Ratio(),
                    .low = {},
                    .high = {},
                    .interval = {}};
  if (const auto bounds = state.strong.Interval()) {
    finding.effect.low = bounds->low;
    finding.effect.high = bounds->high;
    finding.effect.interval = "95 %, bootstrap over 64 groups of traces";
  }
  if (state.strong.numerator() > 0) {
    finding.verdict = document::Verdict::kSupported;
    finding.claim = fmt::format(
        "Requests come back to an interface that still waits for them: "
        "{} traces",
        state.strong.numerator());
    finding.advice =
        "Where the interface holds a lock, a connection or a thread of a bounded pool while it "
        "waits, it can wait for itself: split it, or let the inner call take another pool.";
    finding.assumptions = {"the interface holds something bounded while it waits"};
    finding.examples = state.strong_examples.Texts();
  } else if (state.strong.denominator() == 0) {
    finding.claim = "Whether a request comes back to an interface that waits for it is not told";
    finding.reason = "no trace names its interfaces, or there is no tree of calls";
  } else {
    finding.verdict = document::Verdict::kContradicted;
    finding.claim = "No request comes back to an interface that still waits for it";
    if (state.untold > 0) {
      finding.verdict = document::Verdict::kCannotSay;
      finding.reason = fmt::format("{} cyclic traces do not name their interfaces", state.untold);
    }
  }
  return finding;
}

document::Table CyclesTable(const State& state, const std::vector<Cycles::Cycle>& cycles,
                            size_t all, const Facts& facts) {
  document::Table table;
  table.id = "cycles";
  table.title = "Most frequent cycles";
  table.columns = {
      {"cycle", "cycle", Unit::kNone, "services in the order of calls, from the first name on"},
      {"services", "services", Unit::kCount, "on the cycle; on the longest that begins so"},
      {"traces", "traces", Unit::kCount, "that hold it"},
      {"share", "share", Unit::kShare, "of all traces"},
      {"strong", "strong", Unit::kCount, "traces in which it comes back to the same interface"},
      {"weak", "weak", Unit::kCount, "in which it does not"},
      {"example", "example", Unit::kNone, "a trace that holds it"}};
  table.more_rows = all - cycles.size();
  for (const Cycles::Cycle& cycle : cycles) {
    const std::vector<std::string> examples = cycle.examples.Texts();
    table.rows.push_back(RowOf(NameOf(cycle, *facts.names), cycle.longest, cycle.traces,
                               Share(cycle.traces, state.traces), cycle.strong, cycle.weak,
                               examples.empty() ? std::string() : examples[0]));
  }
  return table;
}

}  // namespace

document::Section Cycles::Conclude(const State& state, const Facts& facts) {
  document::Section section;
  size_t distinct = 0;
  const size_t most = facts.headline_only || facts.names == nullptr ? 0 : facts.table_rows;
  const std::vector<Cycle> cycles = MostFrequent(state, most, distinct);
  AddHeadlines(section, state, distinct);
  if (facts.headline_only) return section;
  section.findings = {CyclesAreRare(state), MayWaitForItself(state)};
  if (facts.names != nullptr) {
    section.tables.push_back(CyclesTable(state, cycles, distinct, facts));
  }
  section.computed =
      "Cycle: services of one trace that call each other in a circle (strongly connected parts of "
      "two or more services). Strong: on one path of calls the same interface of a service comes "
      "again, other services between; weak: another interface, or the circle closes over several "
      "paths only. Services that call themselves are counted apart.";
  if (state.untold > 0) {
    section.computed += fmt::format(
        " {} cyclic traces do not tell their interfaces (rows without one, ready-made graphs): "
        "neither strong nor weak.",
        state.untold);
  }
  return section;
}

}  // namespace plumbago::analysis
