#include "analysis/coupling.h"

#include <fmt/core.h>

#include <optional>
#include <string>

#include "analysis/coupled_pairs.h"
#include "analysis/merge_candidates.h"
#include "analysis/row_of.h"
#include "analysis/share.h"
#include "statistics/sums.h"

namespace plumbago::analysis {

using document::Unit;

void Coupling::Pair::set_key(const std::array<uint32_t, 2>& key) {
  caller = Id<model::ServiceId>(key[0]);
  callee = Id<model::ServiceId>(key[1]);
}

void Coupling::Pair::Merge(const Pair& other) {
  called += other.called;
  calls += other.calls;
  many += other.many;
  loose += other.loose;
  paired += other.paired;
  for (size_t g = 0; g < kGroups; ++g) {
    statistics::AddWrapping(network_ns[g], other.network_ns[g]);
  }
  examples.Merge(other.examples);
}

// called, calls, many, loose, paired; if there are paired ones: the groups (signed); examples.
void Coupling::Pair::Save(std::string& out) const {
  for (const uint64_t count : {called, calls, many, loose, paired}) {
    statistics::AppendVarint(out, count);
  }
  if (paired > 0) {
    for (const int64_t group : network_ns) statistics::AppendSigned(out, group);
  }
  examples.Save(out);
}

bool Coupling::Pair::Load(statistics::StateReader& in) {
  called = in.Varint();
  calls = in.Varint();
  many = in.Varint();
  loose = in.Varint();
  paired = in.Varint();
  network_ns = {};
  if (paired > 0) {
    for (int64_t& group : network_ns) group = in.Signed();
  }
  examples = {};
  return in.ok() && called > 0 && called <= calls && many <= called && loose <= calls &&
         paired <= calls && examples.Load(in);
}

namespace {

void AddHeadlines(document::Section& section, const CoupledPairs& pairs) {
  const auto share = [&](const char* name, const char* title, std::optional<double> value) {
    section.AddHeadline(name, title, Unit::kShare, value);
  };
  share("coupled", "pairs where the caller nearly always calls the callee",
        Share(pairs.coupled, pairs.judged));
  section.AddHeadline("calls_each", "calls of an invocation to one callee that it calls, mean",
                      Unit::kRatio, Share(pairs.calls, pairs.called));
  const auto count = [&](const char* name, const char* title, size_t value) {
    section.AddHeadline(name, title, Unit::kCount, static_cast<double>(value)).total = true;
  };
  count("merge_candidates", "services that could be merged into their only caller",
        pairs.to_merge.size());
  count("batch_candidates", "pairs that call many times where once might do",
        pairs.to_batch.size());
}

document::Table PairsTable(const char* id, const char* title, const std::vector<CoupledPair>& pairs,
                           const Facts& facts) {
  document::Table table;
  table.id = id;
  table.title = title;
  table.columns = {
      {"caller", "caller", Unit::kNone, ""},
      {"callee", "callee", Unit::kNone, ""},
      {"probability", "probability", Unit::kShare,
       "invocations of the caller that call the callee"},
      {"probability_low", "low", Unit::kShare, "95 % interval, Wilson, traces as trials"},
      {"calls_each", "calls each", Unit::kRatio, "calls of an invocation that calls it, mean"},
      {"many", "5 or more", Unit::kShare, "of the invocations that call it"},
      {"calls", "calls", Unit::kCount, ""},
      {"network", "network", Unit::kNanoseconds,
       "caller's wait less callee's work, sum over the calls seen on both sides"},
      {"paired", "both sides", Unit::kCount, "calls seen on both sides"}};
  const size_t rows = std::min(pairs.size(), facts.table_rows);
  table.more_rows = pairs.size() - rows;
  for (size_t i = 0; i < rows; ++i) {
    const CoupledPair& one = pairs[i];
    table.rows.push_back(RowOf(facts.names->Text(one.pair.caller),
                               facts.names->Text(one.pair.callee), one.probability,
                               one.probable.low, one.calls_each, one.many, one.pair.calls,
                               one.network_ns, one.pair.paired));
  }
  return table;
}

// Needs a pair with enough traces.
document::Figure Probabilities(const CoupledPairs& pairs) {
  document::Figure figure;
  figure.id = "call_probability";
  figure.title = "How likely a caller calls its callees";
  figure.kind = document::FigureKind::kBars;
  figure.x = {"call probability", Unit::kNone, false};
  figure.y = {"share of the pairs", Unit::kShare, false};
  document::Series& series = figure.series.emplace_back();
  series.name = "pairs";
  for (size_t i = 0; i < pairs.by_probability.size(); ++i) {
    series.points.push_back(
        {static_cast<double>(i), *Share(pairs.by_probability[i], pairs.judged)});
    figure.labels.push_back(fmt::format("{} to {} %", 10 * i, 10 * (i + 1)));
  }
  return figure;
}

}  // namespace

const Description Coupling::kDescription = {
    .id = "coupling",
    .title = "Coupled services",
    .question = "Which services could be one, and which calls could be batched?",
    .needs =
        "trace, parent (path or span), caller, callee, kind; both sides for what merging saves",
    .source = "SoCC'21 (coupled dependency)",
};

void Coupling::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  const std::span<const graph::TraceCall> calls = graph.calls;
  state.callees.assign(graph.nodes.size(), {});
  uint32_t last = 0;
  for (const graph::Node& node : graph.nodes) {
    state.services.Prefetch(node.service);
    last = std::max(last, Index(node.service));
  }
  Service* const services = state.services.Reserve(last);
  state.visits.clear();

  for (uint32_t i = 0; i < calls.size(); ++i) {
    const uint32_t caller = calls[i].callee_node;
    if (caller == graph::kNone) continue;
    Service& service = services[Index(calls[i].callee)];
    ++service.invocations;
    service.traces += !state.callees[caller].invoked;
    state.callees[caller].invoked = true;

    state.called.clear();
    for (uint32_t j = i + 1; j < calls[i].subtree_end; j = calls[j].subtree_end) {
      const graph::TraceCall& call = calls[j];
      if (call.callee_node == graph::kNone || call.caller != calls[i].callee) continue;
      State::Callee& callee = state.callees[call.callee_node];
      if (callee.invocation != i + 1) {
        callee.invocation = i + 1;
        callee.calls = callee.loose = callee.paired = 0;
        callee.network_ns = 0;
        state.called.push_back(call.callee_node);
      }
      ++callee.calls;
      callee.loose += model::IsAsynchronous(call.kind) || model::IsStateful(call.kind);
      if (graph.sides_marked && call.client.known() && call.server.known()) {
        ++callee.paired;
        statistics::AddWrapping(callee.network_ns,
                                call.client.duration_ns - call.server.duration_ns);
      }
    }
    for (const uint32_t node : state.called) {
      state.visits.push_back({calls[i].callee, graph.nodes[node].service, state.callees[node]});
    }
  }
  const uint64_t hash = graph.trace.Hash();
  state.pairs.ForEachOf(
      state.visits.size(),
      [&state](size_t i) {
        return std::array{Index(state.visits[i].caller), Index(state.visits[i].callee)};
      },
      [&](size_t i, Pair& pair) {
        const State::Callee& seen = state.visits[i].seen;
        ++pair.called;
        pair.calls += seen.calls;
        pair.many += seen.calls >= kMany;
        pair.loose += seen.loose;
        pair.paired += seen.paired;
        statistics::AddWrapping(pair.network_ns[hash >> 60], seen.network_ns);
        pair.examples.Offer(graph.trace, hash);
      });
}

document::Section Coupling::Conclude(const State& state, const Facts& facts) {
  const CoupledPairs pairs(state);
  document::Section section;
  AddHeadlines(section, pairs);
  if (facts.headline_only) return section;
  section.findings = {MergeCandidates(pairs, facts)};
  section.tables = {PairsTable("merge_candidates", "Could be merged into their only caller",
                               pairs.to_merge, facts),
                    PairsTable("batch_candidates", "Called many times where once might do",
                               pairs.to_batch, facts)};
  if (pairs.judged > 0) section.figures = {Probabilities(pairs)};
  section.computed = fmt::format(
      "An invocation of a service is a call that has it as callee; its calls are those directly "
      "below. {} of {} pairs have a caller that was invoked in enough traces to judge (35, so that "
      "the lower end of the interval can reach {:.0f} %). A batch candidate: at least half of the "
      "invocations that call the callee call it {} times or more, by the lower end of its "
      "interval.",
      pairs.judged, pairs.pairs, kSure * 100, kMany);
  if (state.ready_made > 0) {
    section.computed += fmt::format(
        " {} traces came as ready-made graphs, which tell no invocations: they are left out.",
        state.ready_made);
  }
  return section;
}

}  // namespace plumbago::analysis
