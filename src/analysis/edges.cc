#include "analysis/edges.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/edge_heat.h"
#include "analysis/focal_graph.h"
#include "analysis/keep_first.h"
#include "analysis/latency_by_kind.h"
#include "analysis/row_of.h"
#include "analysis/whole_ticks.h"
#include "base/int128.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::Unit;

// An edge without its sketch.
struct Line {
  size_t place;  // in the order of names
  model::ServiceId caller, callee;
  model::Kind kind;
  uint64_t calls, errors, timed, client_side, self_known;
  UInt128 self_ns;
  std::optional<double> p50, p95, p99;
};

// Most own time first; among equals the order of names.
bool Before(const Line& a, const Line& b) {
  return a.self_ns != b.self_ns ? a.self_ns > b.self_ns : a.place < b.place;
}

// The edges with most own time, and the sums of all. There may be millions, so only as many lines
// are kept as are wanted.
struct Lines {
  std::vector<Line> lines;
  size_t count = 0;
  UInt128 self_ns = 0;
  uint64_t calls = 0, timed = 0, client_side = 0;
  std::map<double, uint64_t> medians;  // of the edges: whole ticks, so there are few
  EdgeHeat heat;
  LatencyByKind by_kind;

  Lines(const Edges::State& state, const Facts& facts) {
    const size_t most = facts.headline_only ? Edges::kTop : std::max(Edges::kTop, facts.table_rows);
    state.graph.VisitEdges([&](const graph::DependencyEdge& edge) { Add(edge, most, facts); });
    std::sort(lines.begin(), lines.end(), Before);
  }

 private:
  void Add(const graph::DependencyEdge& edge, size_t most, const Facts& facts) {
    const graph::DependencyTotals& t = edge.totals;
    const auto quantile = [&](double q) {
      return WholeTicks(t.latency_ns.Quantile(q), facts.tick_ns);
    };
    Line line{count++,
              edge.caller,
              edge.callee,
              edge.kind,
              t.calls,
              t.errors,
              t.latency_ns.count(),
              t.client_side,
              t.self_known,
              t.self_ns,
              quantile(0.5),
              {},
              {}};
    self_ns += t.self_ns;
    calls += t.calls;
    timed += line.timed;
    client_side += t.client_side;
    if (line.p50) ++medians[*line.p50];
    if (!facts.headline_only) {
      heat.Add(t.calls, line.p50, t.self_ns, facts.tick_ns);
      by_kind.Add(edge.kind, t.latency_ns);
    }
    // Two quantiles more only of those that are kept.
    if (lines.size() == most && !Before(line, lines.front())) return;
    line.p95 = quantile(0.95);
    line.p99 = quantile(0.99);
    KeepFirst(lines, line, most, Before);
  }
};

std::optional<double> Share(UInt128 part, UInt128 whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

Cell Nanoseconds(std::optional<double> value) {
  return value ? Cell(static_cast<int64_t>(std::llround(*value))) : Cell();
}

// Median over the edges of their median latencies: the lower of the two in the middle, the rank
// that the sketches use.
std::optional<double> MedianOfMedians(const std::map<double, uint64_t>& medians) {
  uint64_t edges = 0;
  for (const auto& [median, count] : medians) edges += count;
  uint64_t before = 0;
  for (const auto& [median, count] : medians) {
    before += count;
    if (before > (edges - 1) / 2) return median;
  }
  return std::nullopt;
}

void AddHeadlines(document::Section& section, const Lines& edges) {
  UInt128 top = 0;
  for (size_t i = 0; i < std::min(Edges::kTop, edges.lines.size()); ++i) {
    top += edges.lines[i].self_ns;
  }
  document::Headline& count =
      section.AddHeadline("edges", "edges by kind, outside callers included", Unit::kCount,
                          static_cast<double>(edges.count));
  count.total = true;
  section
      .AddHeadline("edge_p50_median", "median latency of the median edge", Unit::kNanoseconds,
                   MedianOfMedians(edges.medians))
      .key = true;
  section
      .AddHeadline("top_10_share", "own time in the top 10 edges", Unit::kShare,
                   Share(top, edges.self_ns))
      .key = true;
  section.AddHeadline("client_side", "calls timed by the caller, of timed calls", Unit::kShare,
                      Share(edges.client_side, edges.timed));
}

std::vector<document::Column> EdgeColumns() {
  return {
      {"caller", "caller", Unit::kNone, "service that calls; (outside): the user, or not known"},
      {"callee", "callee", Unit::kNone, "service that is called"},
      {"kind", "kind", Unit::kNone, "how: rpc, http, message, database, cache, internal, other"},
      {"calls", "calls", Unit::kCount, "calls seen, unweighted"},
      {"p50", "p50", Unit::kNanoseconds, "median latency, within 1 % and half a tick of the clock"},
      {"p95", "p95", Unit::kNanoseconds, "95 % of the calls took no longer"},
      {"p99", "p99", Unit::kNanoseconds, "99 % of the calls took no longer"},
      {"self_mean", "own time, mean", Unit::kNanoseconds,
       "time without the synchronous calls below, of the calls where it is known"},
      {"self_total", "own time, total", Unit::kNanoseconds, "sum over the calls where it is known"},
      {"share", "share", Unit::kShare, "of the own time of all edges"},
      {"errors", "errors", Unit::kCount, "calls whose status says so"},
      {"client_side", "client side", Unit::kShare,
       "timed calls whose latency is what the caller waited; the others': what the callee says"},
  };
}

document::Table SlowestEdges(const Lines& edges, const Facts& facts) {
  const model::Names& names = *facts.names;
  document::Table table;
  table.id = "slowest_edges";
  table.title = "Slowest edges";
  table.key = true;
  table.columns = EdgeColumns();
  const size_t rows = std::min(edges.lines.size(), facts.table_rows);
  table.more_rows = edges.count - rows;
  table.rows.reserve(rows);
  const auto name = [&names](model::ServiceId service, const char* unknown) {
    return service == model::kNoService ? std::string_view(unknown) : names.Text(service);
  };
  for (const Line& line : std::span(edges.lines).first(rows)) {
    Cell mean, sum;
    if (line.self_known > 0) {
      mean = static_cast<int64_t>(line.self_ns / line.self_known);
      sum = static_cast<int64_t>(
          std::min<UInt128>(line.self_ns, std::numeric_limits<int64_t>::max()));
    }
    table.rows.push_back(RowOf(
        name(line.caller, "(outside)"), name(line.callee, "(unknown)"), model::KindName(line.kind),
        line.calls, Nanoseconds(line.p50), Nanoseconds(line.p95), Nanoseconds(line.p99), mean, sum,
        Share(line.self_ns, edges.self_ns), line.errors, Share(line.client_side, line.timed)));
  }
  return table;
}

}  // namespace

KnownTimes TimesOf(const graph::DependencyTotals& totals, int64_t tick_ns) {
  const auto quantile = [&](double q) -> std::optional<int64_t> {
    const std::optional<double> value = WholeTicks(totals.latency_ns.Quantile(q), tick_ns);
    return value ? std::optional<int64_t>(std::llround(*value)) : std::nullopt;
  };
  KnownTimes times{quantile(0.5), quantile(0.95), quantile(0.99), {}};
  if (totals.self_known > 0) {
    times.self_ns = static_cast<int64_t>(
        std::min<UInt128>(totals.self_ns, std::numeric_limits<int64_t>::max()));
  }
  return times;
}

const Description Edges::kDescription = {
    .id = "edges",
    .title = "Latency of edges",
    .question = "Which edges between services take the time?",
    .needs = "trace, parent (path or span), caller, callee, kind, start, duration",
    .source = "Plumbago: own time charged to edges; quantiles by DDSketch (VLDB'19)",
};

void Edges::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  state.graph.Add(graph);
}

document::Section Edges::Conclude(const State& state, const Facts& facts) {
  if (facts.see_edges != nullptr && !facts.headline_only) {
    (*facts.see_edges)(state.graph, facts);
    return {};
  }
  const Lines edges(state, facts);
  document::Section section;
  AddHeadlines(section, edges);
  if (facts.headline_only) return section;
  section.tables.push_back(SlowestEdges(edges, facts));
  document::Figure focal = FocalGraph(state.graph, facts);
  if (!focal.nodes.empty()) section.figures.push_back(std::move(focal));
  document::Figure heat = edges.heat.Draw(facts.tick_ns);
  if (!heat.cells.empty()) section.figures.push_back(std::move(heat));
  document::Figure by_kind = edges.by_kind.Draw(facts.tick_ns);
  if (!by_kind.series.empty()) section.figures.push_back(std::move(by_kind));
  section.computed = fmt::format(
      "Latency of a call: what its caller waited where that was recorded ({} of {} timed calls), "
      "else what the callee says{}. {} calls have no time. Own time: a call's time without the "
      "union of its synchronous calls below. Edges are ranked by the sum of own time, calls x "
      "mean; quantiles are within 1 % and half a tick of the clock. The graph shows the service "
      "with the most own time that is not only called as a database or cache, up to {} services "
      "that "
      "call it, {} that it calls and {} that those call: the ones with the most time waited for, "
      "and all links between them. The map sums the own time of the edges in a cell.",
      edges.client_side, edges.timed,
      facts.sides_marked ? ""
                         : "; this data does not mark the side, so the first record of a call "
                           "counts as the caller's",
      edges.calls - edges.timed, kFocalCallers, kFocalCallees, kFocalSecond);
  return section;
}

}  // namespace plumbago::analysis
