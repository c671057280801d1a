#include "analysis/network_tax.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "analysis/reference_google_rpc.h"
#include "analysis/row_of.h"
#include "analysis/share.h"
#include "analysis/whole_ticks.h"
#include "statistics/sums.h"

namespace plumbago::analysis {

using document::Unit;

void NetworkTax::Edge::set_key(const std::array<uint32_t, 3>& key) {
  caller = Id<model::ServiceId>(key[0]);
  callee = Id<model::ServiceId>(key[1]);
  kind = static_cast<model::Kind>(key[2]);
}

void NetworkTax::Edge::Merge(const Edge& other) {
  calls += other.calls;
  negative += other.negative;
  statistics::AddWrapping(tax_ns, other.tax_ns);
  statistics::AddSaturating(client_ns, other.client_ns);
}

// calls, negative, tax (signed), client.
void NetworkTax::Edge::Save(std::string& out) const {
  statistics::AppendVarint(out, calls);
  statistics::AppendVarint(out, negative);
  statistics::AppendSigned(out, tax_ns);
  statistics::AppendVarint(out, client_ns);
}

bool NetworkTax::Edge::Load(statistics::StateReader& in) {
  calls = in.Varint();
  negative = in.Varint();
  tax_ns = in.Signed();
  client_ns = in.Varint();
  return in.ok() && calls > 0 && negative <= calls;
}

namespace {

using State = NetworkTax::State;
using OfKind = NetworkTax::OfKind;
using Edge = NetworkTax::Edge;

OfKind Sum(const State& state) {
  OfKind sum;
  for (OfKind kind : state.kinds) MergeFields(sum, std::move(kind));
  return sum;
}

std::optional<double> PpmShare(std::optional<double> ppm) {
  return ppm ? std::optional(*ppm / 1e6) : std::nullopt;
}

// As std::llround does, which is a call of the library; below 2^63.
int64_t Rounded(double value) {
  const auto whole = static_cast<int64_t>(value);
  const double rest = value - static_cast<double>(whole);
  return whole + (rest >= 0.5) - (rest <= -0.5);
}

void AddHeadlines(document::Section& section, const State& state, const OfKind& all,
                  const Facts& facts) {
  document::Headline& share =
      section.AddHeadline("share", "time that callers waited beside the callees' work",
                          Unit::kShare, state.share.Ratio());
  share.published = kGoogleTaxShare;
  section.AddHeadline("tax_p50", "caller's wait less callee's work, median", Unit::kNanoseconds,
                      WholeTicks(all.tax_ns.Quantile(0.5), facts.tick_ns));
  section.AddHeadline("tax_p99", "caller's wait less callee's work, p99", Unit::kNanoseconds,
                      WholeTicks(all.tax_ns.Quantile(0.99), facts.tick_ns));
  section.AddHeadline("negative", "calls where the callee worked longer than the caller waited",
                      Unit::kShare, Share(all.tax_ns.below.count(), all.tax_ns.count()));
  section.AddHeadline(
      "both_sides", "calls recorded on both sides, of synchronous calls", Unit::kShare,
      state.unmarked == state.calls ? std::nullopt : Share(all.tax_ns.count(), state.calls));
}

document::Table KindsTable(const State& state, const OfKind& all, const Facts& facts) {
  document::Table table;
  table.id = "tax_by_kind";
  table.title = "Caller's wait less callee's work, by kind";
  table.columns = {
      {"kind", "kind", Unit::kNone, ""},
      {"calls", "calls", Unit::kCount, "recorded on both sides"},
      {"p50", "p50", Unit::kNanoseconds, "signed; within 1 % and half a tick of the clock"},
      {"p90", "p90", Unit::kNanoseconds, "signed; within 1 % and half a tick of the clock"},
      {"p99", "p99", Unit::kNanoseconds, "signed; within 1 % and half a tick of the clock"},
      {"share", "share", Unit::kShare, "sum of the tax over sum of the callers' waits"},
      {"share_p50", "share, p50", Unit::kShare, "of a call's wait, median over calls"},
      {"share_p95", "share, p95", Unit::kShare, "of a call's wait; 95 % of the calls have less"},
      {"negative", "negative", Unit::kCount, "the callee worked longer than the caller waited"},
      {"within_tick", "within a tick", Unit::kCount, "not told from 0 by the clock"}};
  const auto add = [&](const char* name, const OfKind& kind) {
    if (kind.tax_ns.count() == 0) return;
    const SignedQuantiles& tax = kind.tax_ns;
    const auto quantile = [&](double q) -> std::optional<int64_t> {
      const std::optional<double> value = WholeTicks(tax.Quantile(q), facts.tick_ns);
      return value ? std::optional<int64_t>(std::llround(*value)) : std::nullopt;
    };
    const auto share = kind.client_ns > 0
                           ? std::optional(tax.sum() / static_cast<double>(kind.client_ns))
                           : std::nullopt;
    table.rows.push_back(RowOf(name, tax.count(), quantile(0.5), quantile(0.9), quantile(0.99),
                               share, PpmShare(kind.share_ppm.Quantile(0.5)),
                               PpmShare(kind.share_ppm.Quantile(0.95)), tax.below.count(),
                               kind.within_tick));
  };
  std::vector<size_t> order;
  order.reserve(model::kKinds);
  for (size_t kind = 0; kind < model::kKinds; ++kind) order.push_back(kind);
  std::stable_sort(order.begin(), order.end(), [&state](size_t a, size_t b) {
    return state.kinds[a].tax_ns.count() > state.kinds[b].tax_ns.count();
  });
  for (const size_t kind : order) {
    add(model::KindName(static_cast<model::Kind>(kind)), state.kinds[kind]);
  }
  if (table.rows.size() > 1) add("all", all);
  return table;
}

document::Table EdgesTable(const State& state, const Facts& facts) {
  document::Table table;
  table.id = "taxed_edges";
  table.title = "Edges with most time beside the work";
  table.columns = {
      {"caller", "caller", Unit::kNone, ""},
      {"callee", "callee", Unit::kNone, ""},
      {"kind", "kind", Unit::kNone, ""},
      {"calls", "calls", Unit::kCount, "recorded on both sides"},
      {"tax_mean", "tax, mean", Unit::kNanoseconds, "caller's wait less callee's work; signed"},
      {"tax_total", "tax, total", Unit::kNanoseconds, "sum, negatives included"},
      {"share", "share", Unit::kShare, "of the time that the caller waited"},
      {"negative", "negative", Unit::kCount, "the callee worked longer than the caller waited"}};
  std::vector<Edge> edges;
  state.edges.ForEach([&edges](const Edge& edge) { edges.push_back(edge); });
  std::stable_sort(edges.begin(), edges.end(),
                   [](const Edge& a, const Edge& b) { return a.tax_ns > b.tax_ns; });
  const size_t rows = std::min(edges.size(), facts.table_rows);
  table.more_rows = edges.size() - rows;
  const auto name = [&facts](model::ServiceId service, const char* unknown) {
    return service == model::kNoService ? std::string_view(unknown) : facts.names->Text(service);
  };
  for (size_t i = 0; i < rows; ++i) {
    const Edge& edge = edges[i];
    const auto share =
        edge.client_ns > 0
            ? std::optional(static_cast<double>(edge.tax_ns) / static_cast<double>(edge.client_ns))
            : std::nullopt;
    table.rows.push_back(RowOf(name(edge.caller, "(outside)"), name(edge.callee, "(unknown)"),
                               model::KindName(edge.kind), edge.calls,
                               edge.tax_ns / static_cast<int64_t>(edge.calls), edge.tax_ns, share,
                               edge.negative));
  }
  return table;
}

// Needs a call with both sides.
document::Figure SharesFigure(const OfKind& all) {
  document::Figure figure;
  figure.id = "tax_share";
  figure.title = "Share of a call's wait beside the callee's work";
  figure.kind = document::FigureKind::kCdf;
  figure.x = {"share of the wait", Unit::kShare, false};
  figure.y = {"share of the calls with at most so much", Unit::kShare, false};
  document::Series& series = figure.series.emplace_back();
  series.name = "calls";
  const auto& shares = all.share_ppm;
  const uint64_t count = shares.count();
  uint64_t sum = shares.below.count();
  if (sum > 0) series.points.push_back({0, *Share(sum, count)});
  for (const auto& bucket : shares.from_zero.Buckets()) {
    sum += bucket.count;
    series.points.push_back({bucket.Value() / 1e6, *Share(sum, count)});
  }
  return figure;
}

std::string Computed(const State& state, const OfKind& all) {
  std::string text;
  if (state.calls > 0 && state.unmarked == state.calls) {
    text =
        "Cannot say: the data does not mark which side wrote a row, and two rows of a call are "
        "mostly copies, so their difference is no network time (2022).";
  } else {
    text = fmt::format(
        "Of {} synchronous calls {} were recorded on both sides, {} on one; {} are in traces that "
        "do not mark sides. Tax: the time that the caller waited less the time that the callee "
        "worked, signed; {} negative ones are kept: clocks, callees that work on after they have "
        "answered, or rows that do not belong together. Messages are left out.",
        state.calls, all.tax_ns.count(), state.one_sided, state.unmarked, all.tax_ns.below.count());
    if (const auto bounds = state.share.Interval()) {
      text += fmt::format(
          " Share of the waits: {:.2f} to {:.2f} % (95 %, bootstrap over 64 groups "
          "of traces).",
          bounds->low * 100, bounds->high * 100);
    }
  }
  if (state.ready_made > 0) {
    text +=
        fmt::format(" {} traces came as ready-made graphs, which tell no times: they are left out.",
                    state.ready_made);
  }
  return text;
}

}  // namespace

const Description NetworkTax::kDescription = {
    .id = "network-tax",
    .title = "Time between caller and callee",
    .question = "How much longer does a caller wait than its callee works?",
    .needs = "trace, parent, caller, callee, kind, duration of both sides, side",
    .source = "Plumbago (T5); Google RPC, SOSP'23 (latency tax)",
};

void NetworkTax::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  uint64_t calls = 0;
  state.paired.clear();
  int64_t tax_us = 0, client_us = 0;
  for (const graph::TraceCall& call : graph.calls) {
    if (model::IsAsynchronous(call.kind)) continue;
    ++calls;
    if (!graph.sides_marked || !call.client.known() || !call.server.known()) continue;
    const int64_t client = call.client.duration_ns, tax = client - call.server.duration_ns;
    OfKind& kind = state.kinds[static_cast<size_t>(call.kind)];
    kind.tax_ns.Add(tax);
    statistics::AddSaturating(kind.client_ns, static_cast<uint64_t>(client));
    kind.within_tick += tax >= -facts.tick_ns && tax <= facts.tick_ns;
    if (client > 0) {
      const double share = static_cast<double>(tax) / static_cast<double>(client);
      kind.share_ppm.Add(Rounded(std::max(share, -1e9) * 1e6));
    }
    statistics::AddWrapping(tax_us, tax / 1000);
    statistics::AddWrapping(client_us, client / 1000);
    state.paired.push_back(static_cast<uint32_t>(&call - graph.calls.data()));
  }
  state.edges.ForEachOf(
      state.paired.size(),
      [&](size_t i) {
        const graph::TraceCall& call = graph.calls[state.paired[i]];
        return std::array{Index(call.caller), Index(call.callee), static_cast<uint32_t>(call.kind)};
      },
      [&](size_t i, Edge& edge) {
        const graph::TraceCall& call = graph.calls[state.paired[i]];
        const int64_t client = call.client.duration_ns, tax = client - call.server.duration_ns;
        ++edge.calls;
        edge.negative += tax < 0;
        statistics::AddWrapping(edge.tax_ns, tax);
        statistics::AddSaturating(edge.client_ns, static_cast<uint64_t>(client));
      });
  state.calls += calls;
  (graph.sides_marked ? state.one_sided : state.unmarked) += calls - state.paired.size();
  if (!state.paired.empty()) state.share.Add(graph.trace.Hash(), tax_us, client_us);
}

document::Section NetworkTax::Conclude(const State& state, const Facts& facts) {
  const OfKind all = Sum(state);
  document::Section section;
  AddHeadlines(section, state, all, facts);
  if (facts.headline_only) return section;
  section.tables = {KindsTable(state, all, facts), EdgesTable(state, facts)};
  if (all.share_ppm.count() > 0) section.figures = {SharesFigure(all)};
  section.computed = Computed(state, all);
  return section;
}

}  // namespace plumbago::analysis
