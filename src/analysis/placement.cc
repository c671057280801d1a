#include "analysis/placement.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/far_calls_slow.h"
#include "analysis/floor_divide.h"
#include "analysis/matched_shift.h"
#include "analysis/row_of.h"
#include "analysis/seen_by_caller.h"
#include "base/strong_id.h"

namespace plumbago::analysis {

using document::Unit;

void Placement::Place::set_key(const std::array<uint32_t, 2>& key) {
  inner = Id<model::InstanceId>(key[0]);
  outer = Id<model::InstanceId>(key[1]);
}

namespace {

using model::InstanceId;
using model::kNoInstance;

constexpr int64_t kHourNs = 3'600'000'000'000;

// Where each instance lies: nothing told, one place, or several.
class Places {
 public:
  explicit Places(const statistics::KeyedTable<Placement::Place>& table) {
    table.ForEach([this](const Placement::Place& place) {
      const size_t i = Index(place.inner);
      if (i >= outer_.size()) outer_.resize(std::max(i + 1, outer_.size() * 2), kNoInstance);
      several_ += outer_[i] != kNoInstance && outer_[i] != kSeveral;
      known_ += outer_[i] == kNoInstance;
      outer_[i] = outer_[i] == kNoInstance ? place.outer : kSeveral;
    });
  }
  // kNoInstance: not known, or not one.
  InstanceId Of(InstanceId inner) const {
    const InstanceId outer = Index(inner) < outer_.size() ? outer_[Index(inner)] : kNoInstance;
    return outer == kSeveral ? kNoInstance : outer;
  }
  uint64_t known() const { return known_; }
  uint64_t several() const { return several_; }  // of the known ones, in more than one place

 private:
  static constexpr InstanceId kSeveral{UINT32_MAX};
  std::vector<InstanceId> outer_;
  uint64_t known_ = 0, several_ = 0;
};

// What is compared with what, for hosts and for clusters.
struct Comparison {
  Places hosts, clusters;
  std::optional<MatchedShift> by_host, by_cluster;

  Comparison(const Placement::State& state, const Facts& facts)
      : hosts(state.hosts), clusters(state.clusters) {
    std::vector<SampledCall> calls = state.calls.Sorted();
    const auto stratum = [](const SampledCall& call) {
      return std::tie(call.caller, call.callee, call.operation, call.hour);
    };
    std::stable_sort(calls.begin(), calls.end(), [&](const SampledCall& a, const SampledCall& b) {
      return stratum(a) < stratum(b);
    });
    const auto compare = [&](const auto& place) {
      std::vector<MatchedCall> matched;
      uint32_t number = 0;
      for (size_t i = 0; i < calls.size(); ++i) {
        if (i > 0 && stratum(calls[i]) != stratum(calls[i - 1])) ++number;
        const InstanceId from = place(calls[i].caller_instance),
                         to = place(calls[i].callee_instance);
        if (from == kNoInstance || to == kNoInstance) continue;
        matched.push_back({number, from != to, calls[i].trace, calls[i].hash, calls[i].latency_ns});
      }
      return MatchedShift(std::move(matched), facts.tick_ns, !facts.headline_only);
    };
    by_host = compare([this](InstanceId instance) { return hosts.Of(instance); });
    by_cluster = compare([this](InstanceId instance) {
      const InstanceId own = clusters.Of(instance);
      return own != kNoInstance ? own : clusters.Of(hosts.Of(instance));
    });
  }
};

document::Table ShiftsTable(const Comparison& comparison) {
  document::Table table;
  table.id = "placement";
  table.title = "Calls within one place and across";
  table.columns = {
      {"place", "place", Unit::kNone, ""},
      {"near", "within", Unit::kCount, "leaf calls (of the sample) within one"},
      {"far", "across", Unit::kCount, "leaf calls (of the sample) across two"},
      {"strata", "strata", Unit::kCount, "caller, callee, operation and hour seen both ways"},
      {"near_p50", "within, p50", Unit::kNanoseconds,
       "median of the like calls, averaged over strata"},
      {"shift", "shift", Unit::kNanoseconds, "how much longer the median like call across takes"},
      {"shift_low", "low", Unit::kNanoseconds, "95 % interval, bootstrap over groups of traces"},
      {"shift_high", "high", Unit::kNanoseconds, "95 % interval"},
      {"p", "p", Unit::kNone, "van Elteren's test, two-sided"},
      {"naive", "unmatched", Unit::kNanoseconds,
       "median of all across less median of all within: other interfaces, so confounded"}};
  const auto add = [&table](const char* place, const MatchedShift& shift) {
    if (shift.near_all + shift.far_all == 0) return;
    const auto& interval = shift.interval;
    table.rows.push_back(
        RowOf(place, shift.near_all, shift.far_all, shift.strata, shift.near_ns, shift.shift_ns,
              interval ? std::optional(interval->low) : std::nullopt,
              interval ? std::optional(interval->high) : std::nullopt,
              shift.test ? std::optional(shift.test->p) : std::nullopt, shift.naive_ns));
  };
  add("cluster", *comparison.by_cluster);
  add("host", *comparison.by_host);
  return table;
}

}  // namespace

const Description Placement::kDescription = {
    .id = "placement",
    .title = "Calls across clusters and hosts",
    .question = "Do calls across clusters or hosts take longer than like calls within one?",
    .needs =
        "trace, parent, caller, callee, operation, start, duration, instances; hosts of "
        "instances (resource tables), clusters where named",
    .source = "Plumbago (T6); van Elteren 1960",
};

void Placement::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  const uint64_t trace = graph.trace.Hash();
  for (uint32_t i = 0; i < graph.calls.size(); ++i) {
    const graph::TraceCall& call = graph.calls[i];
    if (call.subtree_end != i + 1 || model::IsAsynchronous(call.kind)) continue;
    ++state.leaves;
    if (call.caller_instance == kNoInstance || call.callee_instance == kNoInstance) continue;
    // What the callee says has no way in it.
    const graph::Interval& seen = SeenByCaller(graph, call);
    if (!seen.known()) continue;
    ++state.between;
    const uint64_t hash = CallSample::Hash(trace, i);
    if (!state.calls.Wanted(hash)) continue;
    const int64_t hour = FloorDivide(seen.start_ns, kHourNs);
    state.calls.Add({hash, trace, call.caller, call.callee, call.operation, call.caller_instance,
                     call.callee_instance, static_cast<int32_t>(hour), seen.duration_ns});
  }
}

void Placement::Observe(State& state, const model::Sample& sample, const Facts&) {
  if (sample.instance == kNoInstance || sample.host == kNoInstance) return;
  const bool cluster = sample.measure == model::Measure::kCluster;
  Place& last = cluster ? state.last_cluster : state.last_host;
  if (last.inner == sample.instance && last.outer == sample.host) return;
  last = {sample.instance, sample.host};
  (cluster ? state.clusters : state.hosts)[last.key()];
}

document::Section Placement::Conclude(const State& state, const Facts& facts) {
  const Comparison comparison(state, facts);
  document::Section section;
  section.AddHeadline("cluster_shift", "like calls across clusters, longer by (median)",
                      Unit::kNanoseconds, comparison.by_cluster->shift_ns);
  section.AddHeadline("host_shift", "like calls across hosts, longer by (median)",
                      Unit::kNanoseconds, comparison.by_host->shift_ns);
  if (facts.headline_only) return section;
  const uint32_t level = state.calls.level();
  section.findings = {
      Decide({"cross-cluster-latency", "cluster",
              "the data names no clusters (neither Alibaba release does)", state.between > 0,
              comparison.clusters.known() > 0, level},
             *comparison.by_cluster),
      Decide({"cross-host-latency", "host",
              "no sample of a resource or rate table says on which host an instance runs",
              state.between > 0, comparison.hosts.known() > 0, level},
             *comparison.by_host)};
  section.tables = {ShiftsTable(comparison)};
  section.computed = fmt::format(
      "Leaf calls, synchronous: {}; with both instances and a time known{}: {}, of which {} are "
      "looked at. {} instances have a host ({} more than one: left out), {} instances or hosts a "
      "cluster ({} more than one). Like calls: one caller, callee, operation and hour.",
      state.leaves, facts.sides_marked ? " (the caller's)" : "", state.between, state.calls.size(),
      comparison.hosts.known(), comparison.hosts.several(), comparison.clusters.known(),
      comparison.clusters.several());
  return section;
}

}  // namespace plumbago::analysis
