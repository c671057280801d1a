#include "analysis/critical_path.h"

#include <algorithm>
#include <tuple>

#include "analysis/trace_weight.h"
#include "base/strong_id.h"
#include "graph/span_view.h"

namespace plumbago::analysis {
namespace {

using State = CriticalPath::State;
using Item = State::Item;
using graph::kNone;
using graph::SpanPlace;
using graph::TraceSpan;

constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kMicrosecond = 1'000;

template <int64_t kTick>
bool InTicks(const TraceSpan& span) {
  return span.start_ns % kTick == 0 && span.duration_ns % kTick == 0;
}

// What the times of a trace are whole numbers of: its clocks tell no less.
int64_t TickOf(std::span<const TraceSpan> spans) {
  int64_t tick = kMillisecond;
  for (const TraceSpan& span : spans) {
    if (!span.timed() || (tick == kMillisecond && InTicks<kMillisecond>(span))) continue;
    if (!InTicks<kMicrosecond>(span)) return 1;
    tick = kMicrosecond;
  }
  return tick;
}

// Adds what each step has on a path.
void GatherItems(State& state, const graph::CriticalPath::Path& path, uint32_t request,
                 uint64_t times) {
  const std::span<const TraceSpan> spans = state.windows.spans();
  std::vector<Item>& items = state.items;
  const size_t begin = items.size();
  for (const uint32_t i : state.path.owners(path)) {
    const uint64_t own = times * static_cast<uint64_t>(state.path.own_ns(i));
    if (spans[i].inserted) state.inserted_ns += own;
    items.push_back({{Index(spans[i].service), Index(spans[i].operation)},
                     request,
                     times,
                     own,
                     times * static_cast<uint64_t>(state.slack.drag_ns(i))});
  }
  if (items.size() - begin < 2) return;
  std::sort(items.begin() + static_cast<std::ptrdiff_t>(begin), items.end(),
            [](const Item& a, const Item& b) { return a.step < b.step; });
  size_t last = begin;
  for (size_t i = begin + 1; i < items.size(); ++i) {
    if (items[i].step != items[last].step) {
      items[++last] = items[i];
      continue;
    }
    items[last].spans += items[i].spans;
    items[last].own_ns += items[i].own_ns;
    items[last].drag_ns += items[i].drag_ns;
  }
  items.resize(last + 1);
}

// False if the trace has no request with times.
bool CountPaths(State& state, uint64_t hash, uint64_t times) {
  std::vector<Item>& items = state.items;
  std::vector<State::Request>& requests = state.requests;
  items.clear();
  requests.clear();
  for (const graph::CriticalPath::Path& path : state.path.paths()) {
    if (path.asynchronous) continue;
    const TraceSpan& entry = state.windows.spans()[path.root];
    const int64_t length = state.windows.window(path.root).length();
    const State::Request request{{Index(entry.service), Index(entry.operation)},
                                 LatencyCells::CellOf(length)};
    const uint64_t time = times * static_cast<uint64_t>(length);
    state.path_ns.Add(hash, time);
    state.entries[request.entry].requests.Add(request.cell, times, time);
    GatherItems(state, path, static_cast<uint32_t>(requests.size()), times);
    requests.push_back(request);
  }
  const size_t of_requests = items.size();
  for (const graph::CriticalPath::Path& path : state.path.paths()) {
    if (path.asynchronous) GatherItems(state, path, kNone, times);
  }
  state.roots += times * requests.size();
  state.asynchronous += times * (state.path.paths().size() - requests.size());
  state.steps.ForEachOf(
      items.size(), [&items](size_t i) { return items[i].step; },
      [&items, of_requests, hash, times](size_t i, CriticalPath::Step& step) {
        if (i >= of_requests) {
          step.asynchronous_ns += items[i].own_ns;
          return;
        }
        step.requests += times;
        step.spans += items[i].spans;
        step.drag_ns += items[i].drag_ns;
        step.own_ns.Add(hash, items[i].own_ns);
      });
  state.parts.ForEachOf(
      of_requests,
      [&](size_t i) {
        const std::array<uint32_t, 2>& entry = requests[items[i].request].entry;
        return std::array{entry[0], entry[1], items[i].step[0], items[i].step[1]};
      },
      [&](size_t i, CriticalPath::Part& part) {
        part.own.Add(requests[items[i].request].cell, times, items[i].own_ns);
      });
  return !requests.empty();
}

// The pairs of operations that `caller` waited for, each of which it called once.
void GatherOrders(State& state, uint32_t caller) {
  const graph::SpanWindows& windows = state.windows;
  const std::span<const TraceSpan> spans = windows.spans();
  std::vector<uint64_t>& children = state.children;
  children.clear();
  windows.ForEachWaited(caller, [&](uint32_t child) {
    if (spans[child].operation != model::kNoOperation)
      children.push_back(uint64_t{Index(spans[child].operation)} << 32 | child);
  });
  if (children.size() < 2) return;
  std::sort(children.begin(), children.end());
  size_t kept = 0;
  for (size_t i = 0; i < children.size();) {
    size_t end = i + 1;
    while (end < children.size() && children[end] >> 32 == children[i] >> 32) ++end;
    if (end - i > 1) {
      state.repeated += end - i;
    } else {
      children[kept++] = children[i];
    }
    i = end;
  }
  if (kept > CriticalPath::kWidest) state.too_many += kept - CriticalPath::kWidest;
  children.resize(std::min(kept, CriticalPath::kWidest));
  for (size_t i = 0; i < children.size(); ++i) {
    for (size_t j = i + 1; j < children.size(); ++j) {
      const auto x = static_cast<uint32_t>(children[i]);
      const auto y = static_cast<uint32_t>(children[j]);
      const graph::SpanWindow& a = windows.window(x);
      const graph::SpanWindow& b = windows.window(y);
      const bool a_first = a.end_ns <= b.start_ns;
      const bool b_first = b.end_ns <= a.start_ns;
      if (a_first && b_first) continue;  // two moments at once
      const bool on_path = state.path.visited(x) && state.path.visited(y);
      const auto shorter = static_cast<uint64_t>(std::min(a.length(), b.length()));
      state.visits.push_back({{Index(spans[caller].service), Index(spans[caller].operation),
                               Index(spans[x].operation), Index(spans[y].operation)},
                              static_cast<uint8_t>(a_first   ? 0
                                                   : b_first ? 1
                                                             : 2),
                              on_path,
                              on_path ? shorter : 0});
    }
  }
}

void CountOrders(State& state, uint64_t times) {
  const std::span<const TraceSpan> spans = state.windows.spans();
  state.visits.clear();
  for (uint32_t i = 0; i < spans.size(); ++i) {
    const uint32_t end = spans[i].subtree_end;
    if (end <= i + 2 || spans[i + 1].subtree_end == end) continue;  // fewer than two
    if (state.windows.timed(i) && spans[i].operation != model::kNoOperation) GatherOrders(state, i);
  }
  state.orders.ForEachOf(
      state.visits.size(), [&state](size_t i) { return state.visits[i].key; },
      [&state, times](size_t i, CriticalPath::Order& order) {
        const State::Visit& visit = state.visits[i];
        // What was seen, not what it stands for: a weight is no evidence.
        order.a_first += visit.what == 0;
        order.b_first += visit.what == 1;
        order.overlaps += visit.what == 2;
        order.on_path += visit.on_path;
        order.shorter_ns += times * visit.shorter_ns;
      });
}

// By option a bit, of each step: whether it means it.
uint64_t MeantBy(State& state, const TraceSpan& span, const Facts& facts) {
  const uint64_t key = static_cast<uint64_t>(Index(span.service)) << 32 | Index(span.operation);
  const auto [at, fresh] = state.meant.try_emplace(key, 0);
  if (fresh) {
    for (size_t i = 0; i < std::min<size_t>(64, facts.faster.size()); ++i) {
      if (Means(facts.faster[i], facts.names->Text(span.service),
                facts.names->Text(span.operation))) {
        at->second |= uint64_t{1} << i;
      }
    }
  }
  return at->second;
}

void CountGains(State& state, const Facts& facts, uint64_t hash, uint64_t times) {
  const std::span<const TraceSpan> spans = state.windows.spans();
  if (state.scenarios.empty()) state.scenarios = Scenarios(facts.faster);
  for (const Scenario& scenario : state.scenarios) {
    bool changed = false;
    state.left.assign(spans.size(), graph::kAll);
    for (uint32_t i = 0; i < spans.size(); ++i) {
      const uint64_t meant = MeantBy(state, spans[i], facts);
      if (meant == 0) continue;
      for (const size_t option : scenario.options) {
        if ((meant >> option & 1) == 0) continue;
        state.left[i] = state.left[i] * facts.faster[option].left / graph::kAll;
        changed = true;
      }
    }
    if (changed) state.replay.Run(state.windows, state.left);
    for (const graph::CriticalPath::Path& path : state.path.paths()) {
      if (path.asynchronous) continue;
      const TraceSpan& root = spans[path.root];
      const int64_t before = state.windows.window(path.root).length();
      const int64_t after = changed ? state.replay.duration_ns(path.root) : before;
      CriticalPath::Gain& gain = state.gains[{Index(root.service), Index(root.operation),
                                              static_cast<uint32_t>(scenario.hash >> 32),
                                              static_cast<uint32_t>(scenario.hash)}];
      if (after < before) gain.changed += times;
      gain.before_ns.Add(before, times);
      gain.after_ns.Add(after, times);
      gain.saved_ns.Add(hash, times * static_cast<uint64_t>(before - after));
    }
  }
}

uint64_t HashOf(std::string_view text) {  // FNV-1a
  uint64_t hash = 0xCBF29CE484222325ull;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3ull;
  return hash;
}

}  // namespace

std::vector<Scenario> Scenarios(std::span<const Faster> options) {
  std::vector<Scenario> scenarios;
  if (options.empty()) return scenarios;
  const size_t count = std::min<size_t>(64, options.size());
  scenarios.resize(count > 1 ? count + 1 : 1);
  for (size_t i = 0; i < count; ++i) {
    scenarios.front().options.push_back(i);
    if (count > 1) scenarios[i + 1].options.push_back(i);
  }
  for (Scenario& scenario : scenarios) {
    std::vector<std::string> texts;
    texts.reserve(scenario.options.size());
    for (const size_t option : scenario.options) texts.push_back(options[option].Text());
    std::sort(texts.begin(), texts.end());  // their order changes nothing
    for (const std::string& text : texts) {
      if (!scenario.text.empty()) scenario.text += ", ";
      scenario.text += text;
    }
    scenario.hash = HashOf(scenario.text);
  }
  return scenarios;
}

void CriticalPath::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  if (graph.calls.empty()) return;
  std::span<const TraceSpan> spans = graph.spans;
  if (spans.empty()) {
    graph::SpansOfCalls(graph, state.spans);
    spans = state.spans;
    ++state.of_calls;
  }
  const uint64_t hash = graph.trace.Hash();
  state.windows.Set(spans, {.tick_ns = TickOf(spans)});
  state.shifted += state.windows.shifted();
  state.path.Find(state.windows);
  state.slack.FindDrag(state.windows, state.path);
  for (uint32_t i = 0; i < spans.size(); ++i) {
    if (state.windows.timed(i)) continue;
    const SpanPlace place = state.windows.place(i);
    // What is below another counts with it.
    if (place == SpanPlace::kBefore) state.before += spans[i].subtree_end - i;
    if (place == SpanPlace::kUntimed) state.untimed += spans[i].subtree_end - i;
  }
  const uint64_t times = Times(graph.weight);
  if (!CountPaths(state, hash, times)) {
    ++state.without_times;
    return;
  }
  state.traces.Add(hash, times);
  CountOrders(state, times);
  if (!facts.faster.empty() && facts.names != nullptr) CountGains(state, facts, hash, times);
}

void CriticalPath::Step::set_key(const std::array<uint32_t, 2>& key) {
  service = Id<model::ServiceId>(key[0]);
  operation = Id<model::OperationId>(key[1]);
}

void CriticalPath::Step::Merge(const Step& other) {
  requests += other.requests;
  spans += other.spans;
  drag_ns += other.drag_ns;
  asynchronous_ns += other.asynchronous_ns;
  own_ns.Merge(other.own_ns);
}

void CriticalPath::Step::Save(std::string& out) const {
  for (const uint64_t sum : {requests, spans, drag_ns, asynchronous_ns})
    statistics::AppendVarint(out, sum);
  if (requests > 0) own_ns.Save(out);
}

bool CriticalPath::Step::Load(statistics::StateReader& in) {
  for (uint64_t* sum : {&requests, &spans, &drag_ns, &asynchronous_ns}) *sum = in.Varint();
  own_ns = {};
  return in.ok() && (requests == 0 || own_ns.Load(in));
}

void CriticalPath::Entry::set_key(const std::array<uint32_t, 2>& key) {
  service = Id<model::ServiceId>(key[0]);
  operation = Id<model::OperationId>(key[1]);
}

void CriticalPath::Part::set_key(const std::array<uint32_t, 4>& key) {
  entry_service = Id<model::ServiceId>(key[0]);
  entry = Id<model::OperationId>(key[1]);
  service = Id<model::ServiceId>(key[2]);
  operation = Id<model::OperationId>(key[3]);
}

void CriticalPath::Order::set_key(const std::array<uint32_t, 4>& key) {
  caller = Id<model::ServiceId>(key[0]);
  caller_operation = Id<model::OperationId>(key[1]);
  a = Id<model::OperationId>(key[2]);
  b = Id<model::OperationId>(key[3]);
}

void CriticalPath::Order::Merge(const Order& other) {
  a_first += other.a_first;
  b_first += other.b_first;
  overlaps += other.overlaps;
  on_path += other.on_path;
  shorter_ns += other.shorter_ns;
}

void CriticalPath::Order::Save(std::string& out) const {
  for (const uint64_t count : {a_first, b_first, overlaps, on_path, shorter_ns})
    statistics::AppendVarint(out, count);
}

bool CriticalPath::Order::Load(statistics::StateReader& in) {
  for (uint64_t* count : {&a_first, &b_first, &overlaps, &on_path, &shorter_ns})
    *count = in.Varint();
  return in.ok();
}

uint64_t CriticalPath::Order::otherwise() const { return overlaps + std::min(a_first, b_first); }

void CriticalPath::Gain::set_key(const std::array<uint32_t, 4>& key) {
  service = Id<model::ServiceId>(key[0]);
  operation = Id<model::OperationId>(key[1]);
  scenario = static_cast<uint64_t>(key[2]) << 32 | key[3];
}

void CriticalPath::Gain::Merge(const Gain& other) {
  changed += other.changed;
  before_ns.Merge(other.before_ns);
  after_ns.Merge(other.after_ns);
  saved_ns.Merge(other.saved_ns);
}

void CriticalPath::Gain::Save(std::string& out) const {
  statistics::AppendVarint(out, changed);
  before_ns.Save(out);
  after_ns.Save(out);
  saved_ns.Save(out);
}

bool CriticalPath::Gain::Load(statistics::StateReader& in) {
  changed = in.Varint();
  return before_ns.Load(in) && after_ns.Load(in) && saved_ns.Load(in);
}

}  // namespace plumbago::analysis
