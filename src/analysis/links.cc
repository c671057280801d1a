#include "analysis/links.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "analysis/keep_first.h"
#include "analysis/percent_text.h"
#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/share.h"
#include "analysis/whole_ticks.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::Unit;
using document::Verdict;
using model::kNoTime;

using State = Links::State;
using Way = Links::Way;

constexpr size_t kMostDrawn = 30;  // pairs of services in the figure

// What a row of a table and a pair of services are made of.
struct Sums {
  uint64_t links = 0, producer_traces = 0, before_start = 0;
  statistics::CardinalitySketch consumer_traces;
  SignedQuantiles after_ns;

  void Add(const Way& way) {
    links += way.links;
    producer_traces += way.producer_traces;
    before_start += way.before_start;
    consumer_traces.Merge(way.consumer_traces);
    MergeFields(after_ns, SignedQuantiles(way.after_ns));
  }
};

struct Pair {
  model::ServiceId producer = model::kNoService, consumer = model::kNoService;
  Sums sums;
};

// Services that are linked, the most links first; ties as names stand.
std::vector<Pair> PairsOf(const State& state) {
  std::map<std::pair<model::ServiceId, model::ServiceId>, Sums> sums;
  state.ways.ForEach([&](const Way& way) { sums[{way.producer, way.consumer}].Add(way); });
  std::vector<Pair> pairs;
  pairs.reserve(sums.size());
  for (auto& [ends, sum] : sums) pairs.push_back({ends.first, ends.second, std::move(sum)});
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.sums.links > b.sums.links; });
  return pairs;
}

std::optional<double> After(const SignedQuantiles& after, double q, const Facts& facts) {
  return WholeTicks(after.Quantile(q), facts.tick_ns);
}
Cell AfterCell(const SignedQuantiles& after, double q, const Facts& facts) {
  const std::optional<double> value = After(after, q, facts);
  return value ? Cell(static_cast<int64_t>(std::llround(*value))) : Cell();
}

std::string ServiceText(model::ServiceId service, const Facts& facts) {
  return NameOf(facts.names->Text(service), "");
}

void AddCountColumns(document::Table& table) {
  for (const document::Column& column : std::initializer_list<document::Column>{
           {"links", "links", Unit::kCount, "spans that name a span of another trace; no calls"},
           {"producer_traces", "traces before", Unit::kCount, "of the producer, that are named"},
           {"consumer_traces", "traces after", Unit::kCount,
            "of the consumer, that name them; exact up to 256, else within 2 %"},
           {"after_p50", "after, p50", Unit::kNanoseconds,
            "from the end of the producer's span to the start of the consumer's"},
           {"after_p95", "after, p95", Unit::kNanoseconds, "95 % began no later"},
           {"after_p99", "after, p99", Unit::kNanoseconds, "99 % began no later"},
           {"before_end", "before its end", Unit::kCount,
            "consumers that began while the producer's span was still open, or before it"},
           {"before_start", "before its start", Unit::kCount,
            "consumers that began before the producer's span: clocks differ"},
       }) {
    table.columns.push_back(column);
  }
}

void AddCounts(std::vector<Cell>& row, uint64_t links, uint64_t producer_traces,
               const statistics::CardinalitySketch& consumer_traces, const SignedQuantiles& after,
               uint64_t before_start, const Facts& facts) {
  for (Cell& cell : RowOf(links, producer_traces, std::llround(consumer_traces.Estimate()),
                          AfterCell(after, 0.5, facts), AfterCell(after, 0.95, facts),
                          AfterCell(after, 0.99, facts), after.below.count(), before_start)) {
    row.push_back(std::move(cell));
  }
}

document::Table OperationsTable(const State& state, const Facts& facts) {
  document::Table table;
  table.id = "linked_operations";
  table.title = "Operations that are linked across traces";
  table.columns = {
      {"producer", "producer", Unit::kNone, "service whose span is named: it came before"},
      {"producer_operation", "operation", Unit::kNone, "of that span"},
      {"consumer", "consumer", Unit::kNone, "service whose span names it: it came after"},
      {"consumer_operation", "operation", Unit::kNone, "of that span"},
  };
  AddCountColumns(table);
  // Ties as they come, by name: a place of its own makes the order total.
  struct Placed {
    Way way;
    size_t place;
  };
  const auto before = [](const Placed& a, const Placed& b) {
    return a.way.links != b.way.links ? a.way.links > b.way.links : a.place < b.place;
  };
  std::vector<Placed> first;
  size_t count = 0;
  state.ways.ForEach(
      [&](const Way& way) { KeepFirst(first, Placed{way, count++}, facts.table_rows, before); });
  std::sort(first.begin(), first.end(), before);
  table.more_rows = count - first.size();
  for (const auto& [way, place] : first) {
    auto row = RowOf(ServiceText(way.producer, facts), facts.names->Text(way.sent),
                     ServiceText(way.consumer, facts), facts.names->Text(way.taken));
    AddCounts(row, way.links, way.producer_traces, way.consumer_traces, way.after_ns,
              way.before_start, facts);
    table.rows.push_back(std::move(row));
  }
  return table;
}

document::Table ServicesTable(const std::vector<Pair>& pairs, const Facts& facts) {
  document::Table table;
  table.id = "linked_services";
  table.title = "Services that are linked across traces";
  table.key = true;
  table.columns = {
      {"producer", "producer", Unit::kNone, "service whose span is named: it came before"},
      {"consumer", "consumer", Unit::kNone, "service whose span names it: it came after"},
  };
  AddCountColumns(table);
  // A trace may be of several operations.
  table.columns[3].help = "of the producer, that are named: once for each pair of operations";
  const size_t rows = std::min(pairs.size(), facts.table_rows);
  table.more_rows = pairs.size() - rows;
  for (const Pair& pair : std::span(pairs).first(rows)) {
    auto row = RowOf(ServiceText(pair.producer, facts), ServiceText(pair.consumer, facts));
    const Sums& sums = pair.sums;
    AddCounts(row, sums.links, sums.producer_traces, sums.consumer_traces, sums.after_ns,
              sums.before_start, facts);
    table.rows.push_back(std::move(row));
  }
  return table;
}

document::Table QueuesTable(const State& state, const Facts& facts) {
  document::Table table;
  table.id = "queue_consumers";
  table.title = "Consumers whose producer is not in their trace";
  table.columns = {
      {"queue", "queue", Unit::kNone, "that the consumer's span names: it is taken for the caller"},
      {"consumer", "consumer", Unit::kNone, "service that took the messages"},
      {"calls", "calls", Unit::kCount, "calls of kind message; they stand in the tables of edges"},
  };
  std::vector<Links::Queue> queues;
  state.queues.ForEach([&](const Links::Queue& queue) { queues.push_back(queue); });
  std::stable_sort(queues.begin(), queues.end(),
                   [](const auto& a, const auto& b) { return a.calls > b.calls; });
  const size_t rows = std::min(queues.size(), facts.table_rows);
  table.more_rows = queues.size() - rows;
  for (const Links::Queue& queue : std::span(queues).first(rows)) {
    table.rows.push_back(
        RowOf(ServiceText(queue.queue, facts), ServiceText(queue.consumer, facts), queue.calls));
  }
  return table;
}

document::Figure DrawPairs(const std::vector<Pair>& pairs, const Facts& facts) {
  document::Figure figure;
  figure.id = "linked_services_graph";
  figure.title = "Services that are linked across traces (no calls)";
  figure.kind = document::FigureKind::kGraph;
  std::map<model::ServiceId, uint32_t> nodes;
  const auto node = [&](model::ServiceId service) {
    const auto [at, added] = nodes.emplace(service, static_cast<uint32_t>(nodes.size()));
    if (added) {
      document::GraphNode& out = figure.nodes.emplace_back();
      out.name = ServiceText(service, facts);
      out.kind = "service";
    }
    return at->second;
  };
  const size_t drawn = std::min(pairs.size(), kMostDrawn);
  for (const Pair& pair : std::span(pairs).first(drawn)) {
    document::GraphLink link;
    link.caller = node(pair.producer);
    link.callee = node(pair.consumer);
    link.kind = "link";
    link.calls = pair.sums.links;
    figure.links.push_back(std::move(link));
  }
  std::map<model::ServiceId, uint32_t> others;
  for (const Pair& pair : std::span(pairs).subspan(drawn)) {
    for (const model::ServiceId service : {pair.producer, pair.consumer}) {
      if (!nodes.contains(service)) others.emplace(service, 0);
    }
  }
  figure.more_nodes = others.size();
  return figure;
}

document::Finding FindingOf(const std::vector<Pair>& pairs, const State& state,
                            const Facts& facts) {
  document::Finding finding;
  finding.id = "linked-across-traces";
  finding.claim = "Services depend on each other across traces";
  finding.method =
      "A span that names a span of another trace ties their services together; both must be here. "
      "No table of calls counts it.";
  finding.source = "span links of OpenTelemetry, references of Jaeger; docs/design/0016";
  if (state.counts.found() == 0) {
    finding.reason = fmt::format("{} links lead to other traces, and none to a span that is here",
                                 state.counts.across);
    return finding;
  }
  const Pair& first = pairs.front();
  finding.verdict = Verdict::kSupported;
  finding.claim = fmt::format(
      "{} of services {} on each other across traces, which no graph of calls shows; most links "
      "({} "
      "of {}) lead from {} to {}",
      pairs.size() == 1 ? "1 pair" : fmt::format("{} pairs", pairs.size()),
      pairs.size() == 1 ? "depends" : "depend", first.sums.links, state.counts.found(),
      ServiceText(first.producer, facts), ServiceText(first.consumer, facts));
  finding.rank = static_cast<double>(pairs.size());
  finding.evidence = {
      {"links to other traces", Unit::kCount, static_cast<int64_t>(state.counts.across)},
      {"lead to a span that is not here", Unit::kCount,
       static_cast<int64_t>(state.counts.across - state.counts.found())},
      {"began before the span that they name", Unit::kCount,
       static_cast<int64_t>(state.before_start)}};
  if (const auto after = After(state.after_ns, 0.5, facts)) {
    finding.effect = {"from the producer's end to the consumer's start, median",
                      Unit::kNanoseconds,
                      after,
                      {},
                      {},
                      ""};
  }
  return finding;
}

std::string Computed(const State& state) {
  std::string text = fmt::format(
      "{} links lead to other traces; {} of them to spans that are not here ({} to traces that are "
      "not, {} to traces that are). {} stay within their trace, {} more only repeat the parent. A "
      "link is no call: nobody waits for it, it is on no critical path and in no table of calls. "
      "Links of a span that was delivered twice count once.",
      state.counts.across, state.counts.across - state.counts.found(), state.counts.no_trace,
      state.counts.no_span, state.counts.within, state.counts.repeat_parent);
  if (state.before_start > 0) {
    text += fmt::format(
        " {} consumers began before the span that they name: the clocks of two hosts differ.",
        state.before_start);
  }
  return text;
}

}  // namespace

const Description Links::kDescription = {
    .id = "links",
    .title = "Span links",
    .question = "Which services are tied together across traces, and how long after?",
    .needs = "trace, span, links of spans, callee, operation, start, duration",
    .source = "OpenTelemetry, span links; Plumbago (docs/design/0016)",
};

void Links::Way::set_key(const std::array<uint32_t, 4>& key) {
  producer = Id<model::ServiceId>(key[0]);
  sent = Id<model::OperationId>(key[1]);
  consumer = Id<model::ServiceId>(key[2]);
  taken = Id<model::OperationId>(key[3]);
}

void Links::Way::Merge(const Way& other) {
  links += other.links;
  producer_traces += other.producer_traces;
  before_start += other.before_start;
  consumer_traces.Merge(other.consumer_traces);
  MergeFields(after_ns, SignedQuantiles(other.after_ns));
}

void Links::Way::Save(std::string& out) const {
  for (const uint64_t count : {links, producer_traces, before_start}) {
    statistics::AppendVarint(out, count);
  }
  consumer_traces.Save(out);
  SaveFields(after_ns, out);
}

bool Links::Way::Load(statistics::StateReader& in) {
  for (uint64_t* count : {&links, &producer_traces, &before_start}) *count = in.Varint();
  consumer_traces = {};
  after_ns = {};
  return in.ok() && producer_traces <= links && before_start <= links && consumer_traces.Load(in) &&
         LoadFields(after_ns, in, {});
}

void Links::Queue::set_key(const std::array<uint32_t, 2>& key) {
  queue = Id<model::ServiceId>(key[0]);
  consumer = Id<model::ServiceId>(key[1]);
}

void Links::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  if (graph.repairs.from_queues == 0) return;
  for (const graph::TraceCall& call : graph.calls) {
    if (call.kind != model::Kind::kMessage || call.rows == 0 || call.client.known() ||
        call.caller == model::kNoService ||
        (call.parent != graph::kNone && graph.calls[call.parent].callee == call.caller)) {
      continue;
    }
    ++state.queues[{Index(call.caller), Index(call.callee)}].calls;
  }
}

void Links::Observe(State& state, const graph::TraceLinks& links, const Facts&) {
  state.seen.clear();
  for (const graph::TraceLink& link : links.links) {
    if (!state.counts.Count(link, links.trace_here)) continue;
    const std::array key{Index(link.target_service), Index(link.target_operation),
                         Index(link.from_service), Index(link.from_operation)};
    state.seen.push_back(key);
    Way& way = state.ways[key];
    ++way.links;
    way.consumer_traces.Add(link.from_trace_hash);
    if (link.from_start_ns == kNoTime || link.target.start_ns == kNoTime) continue;
    const uint64_t before = link.from_start_ns < link.target.start_ns ? 1 : 0;
    way.before_start += before;
    state.before_start += before;
    if (!link.target.known()) continue;
    const int64_t after = link.from_start_ns - link.target.end_ns();
    way.after_ns.Add(after);
    state.after_ns.Add(after);
  }
  std::sort(state.seen.begin(), state.seen.end());
  const auto end = std::unique(state.seen.begin(), state.seen.end());
  for (auto at = state.seen.begin(); at != end; ++at) ++state.ways[*at].producer_traces;
}

document::Section Links::Conclude(const State& state, const Facts& facts) {
  document::Section section;
  const std::optional<double> across = static_cast<double>(state.counts.across);
  section.AddHeadline("links", "links to other traces", Unit::kCount, across).total = true;
  section.AddHeadline("not_here", "of them to a span that is not here", Unit::kShare,
                      Share(state.counts.across - state.counts.found(), state.counts.across));
  section.AddHeadline("after_p50", "from the end of what is named to what names it, median",
                      Unit::kNanoseconds, After(state.after_ns, 0.5, facts));
  section
      .AddHeadline("within", "links within a trace", Unit::kCount,
                   static_cast<double>(state.counts.within + state.counts.repeat_parent))
      .total = true;
  if (facts.headline_only) return section;
  const std::vector<Pair> pairs = PairsOf(state);
  if (state.counts.across > 0) section.findings.push_back(FindingOf(pairs, state, facts));
  if (!pairs.empty()) {
    section.tables.push_back(ServicesTable(pairs, facts));
    section.tables.push_back(OperationsTable(state, facts));
    section.figures.push_back(DrawPairs(pairs, facts));
  }
  document::Table queues = QueuesTable(state, facts);
  if (!queues.rows.empty()) section.tables.push_back(std::move(queues));
  section.computed = Computed(state);
  return section;
}

}  // namespace plumbago::analysis
