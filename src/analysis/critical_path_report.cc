// What the merged critical paths say: tables, findings, headlines.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/critical_path.h"
#include "analysis/paths_by_latency.h"
#include "analysis/percent_text.h"
#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/share.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;

using Entry = CriticalPath::Entry;
using Gain = CriticalPath::Gain;
using Order = CriticalPath::Order;
using Part = CriticalPath::Part;
using State = CriticalPath::State;
using Step = CriticalPath::Step;

struct Found {
  std::vector<Step> steps;  // most time on paths first
  uint64_t path_ns = 0, asynchronous_ns = 0;

  explicit Found(const State& state) : path_ns(state.path_ns.Total()) {
    state.steps.ForEach([this](const Step& step) {
      steps.push_back(step);
      asynchronous_ns += step.asynchronous_ns;
    });
    // Stable: among equals the names decide.
    std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
      const uint64_t x = a.own_ns.Total();
      const uint64_t y = b.own_ns.Total();
      return x != y ? x > y : a.asynchronous_ns > b.asynchronous_ns;
    });
  }
};

std::string NameOfStep(const Step& step, const Facts& facts) {
  return NameOf(facts.names->Text(step.service), facts.names->Text(step.operation));
}

document::Table StepsTable(const Found& found, const State& state, const Facts& facts) {
  document::Table table;
  table.id = "critical_path";
  table.title = "Time on the critical path";
  table.key = true;
  table.columns = {
      {"service", "service", Unit::kNone, "that was at work"},
      {"operation", "operation", Unit::kNone, "of its span"},
      {"share", "share", Unit::kShare, "of the time of all requests"},
      {"requests_share", "on the path of", Unit::kShare, "of all requests"},
      {"spans", "spans", Unit::kCount, "with time of their own on a path"},
      {"mean", "mean", Unit::kNanoseconds, "of the requests on whose path it is"},
      {"total", "total", Unit::kNanoseconds, "over all traces"},
      {"drag", "drag", Unit::kNanoseconds,
       "what requests would gain, each span alone without its own time; less than the total "
       "where something beside it takes the lead"},
      {"asynchronous", "asynchronous", Unit::kNanoseconds,
       "on the paths of spans that nobody waited for"},
  };
  const size_t rows = std::min(found.steps.size(), facts.table_rows);
  table.more_rows = found.steps.size() - rows;
  for (const Step& step : std::span(found.steps).first(rows)) {
    const uint64_t own = step.own_ns.Total();
    std::optional<double> mean = Share(own, step.requests);
    table.rows.push_back(RowOf(NameOf(facts.names->Text(step.service), ""),
                               facts.names->Text(step.operation), Share(own, found.path_ns),
                               Share(step.requests, state.roots), step.spans, mean, own,
                               step.drag_ns, step.asynchronous_ns));
  }
  return table;
}

struct Orders {
  std::vector<Order> on_path;  // most time first
  uint64_t pairs = 0, uncertain = 0;
  uint64_t shorter_ns = 0, uncertain_ns = 0;

  explicit Orders(const State& state) {
    state.orders.ForEach([this](const Order& order) {
      ++pairs;
      if (order.on_path == 0) return;
      on_path.push_back(order);
      shorter_ns += order.shorter_ns;
      if (order.otherwise() == 0) return;
      ++uncertain;
      uncertain_ns += order.shorter_ns;
    });
    std::stable_sort(on_path.begin(), on_path.end(),
                     [](const Order& x, const Order& y) { return x.shorter_ns > y.shorter_ns; });
  }
};

document::Table OrdersTable(const Orders& orders, const Facts& facts) {
  const model::Names& names = *facts.names;
  document::Table table;
  table.id = "sibling_orders";
  table.title = "One after the other on the path: has it to be?";
  table.columns = {
      {"caller", "caller", Unit::kNone, "service and operation that waits for both"},
      {"a", "a", Unit::kNone, "one operation that it calls"},
      {"b", "b", Unit::kNone, "the other"},
      {"a_first", "a first", Unit::kCount, "a had ended when b began"},
      {"b_first", "b first", Unit::kCount, "b had ended when a began"},
      {"overlaps", "overlap", Unit::kCount, "both ran at once"},
      {"order", "order", Unit::kNone,
       "what was always seen, or that the path could be another: one of the two beside it"},
      {"otherwise", "seen otherwise", Unit::kShare,
       "of the times that the caller called both: the other order, or both at once"},
      {"on_path", "on the path", Unit::kCount, "times that both were on the path"},
      {"shorter", "at stake", Unit::kNanoseconds,
       "the shorter of the two, over those times: it would leave the path if both ran at once"},
  };
  const size_t rows = std::min(orders.on_path.size(), facts.table_rows);
  table.more_rows = orders.on_path.size() - rows;
  for (const Order& order : std::span(orders.on_path).first(rows)) {
    const char* text = order.otherwise() > 0 ? "not certain"
                       : order.a_first > 0   ? "a before b"
                                             : "b before a";
    table.rows.push_back(RowOf(
        NameOf(names.Text(order.caller), names.Text(order.caller_operation)), names.Text(order.a),
        names.Text(order.b), order.a_first, order.b_first, order.overlaps, text,
        Share(order.otherwise(), order.seen()), order.on_path, order.shorter_ns));
  }
  return table;
}

document::Finding WhereTimeGoes(const Found& found, const State& state, const Facts& facts) {
  document::Finding finding;
  finding.id = "where-time-goes";
  finding.method =
      "The critical path of each trace: from the end of the request backwards, at each moment the "
      "one span that it waited for; time on it summed by service and operation. Asynchronous spans "
      "are apart.";
  finding.source = "CRISP, ATC'22; statistics.md T9";
  if (found.path_ns == 0) {
    finding.claim = "Where the time of requests goes cannot be told";
    finding.reason = state.ready_made > 0 ? "ready-made graphs tell no times"
                                          : "no trace with an entry whose start and end are known";
    return finding;
  }
  const auto with_time = std::find_if(found.steps.begin(), found.steps.end(),
                                      [](const Step& step) { return step.own_ns.empty(); });
  const size_t first =
      std::min(CriticalPath::kNamed, static_cast<size_t>(with_time - found.steps.begin()));
  GroupedSums<16> top;
  std::string list;
  for (size_t i = 0; i < first; ++i) {
    const Step& step = found.steps[i];
    top.Merge(step.own_ns);
    const double share = Share(step.own_ns.Total(), found.path_ns).value_or(0);
    const std::string name = NameOfStep(step, facts);
    list += fmt::format("{}{} {}",
                        i == 0           ? ""
                        : i + 1 == first ? " and "
                                         : ", ",
                        name, PercentText(share));
    finding.evidence.push_back({name, Unit::kShare, share});
  }
  const double share = Share(top.Total(), found.path_ns).value_or(0);
  finding.claim =
      fmt::format("{} of the time of requests goes to {}: {}", PercentText(share),
                  first == 1 ? "one operation" : fmt::format("{} operations", first), list);
  finding.advice =
      "Make these faster first: on the critical path, time saved is time saved for the request, up "
      "to what runs beside it (drag).";
  finding.effect.name = "share of the time of requests";
  finding.effect.unit = Unit::kShare;
  finding.effect.value = share;
  const auto path = static_cast<double>(found.path_ns);
  const std::optional<statistics::Bounds> bounds = top.Interval(state.path_ns);
  if (!bounds) {
    finding.reason = "too few traces for an interval";
    return finding;
  }
  finding.effect.low = bounds->low / path;
  finding.effect.high = std::min(1.0, bounds->high / path);
  finding.effect.interval = "95 %, jackknife over 16 groups of traces";
  finding.verdict = Verdict::kSupported;
  finding.rank = share;
  return finding;
}

// Of one what-if, over all entries.
struct WhatIf {
  const Scenario* scenario = nullptr;
  GroupedSums<16> saved_ns;
  uint64_t requests = 0, changed = 0;
  std::vector<Gain> entries;  // most time saved first
};

std::vector<WhatIf> WhatIfs(const State& state, const std::vector<Scenario>& scenarios) {
  std::vector<WhatIf> all(scenarios.size());
  for (size_t i = 0; i < all.size(); ++i) all[i].scenario = &scenarios[i];
  state.gains.ForEach([&](const Gain& gain) {
    for (WhatIf& one : all) {
      if (one.scenario->hash != gain.scenario) continue;
      one.saved_ns.Merge(gain.saved_ns);
      one.requests += gain.before_ns.count();
      one.changed += gain.changed;
      one.entries.push_back(gain);
    }
  });
  for (WhatIf& one : all) {
    std::stable_sort(one.entries.begin(), one.entries.end(), [](const Gain& a, const Gain& b) {
      return a.saved_ns.Total() > b.saved_ns.Total();
    });
  }
  return all;
}

document::Finding WhatIfFinding(const WhatIf& what_if, const Found& found, const State& state) {
  document::Finding finding;
  finding.id = "faster";
  const uint64_t saved = what_if.saved_ns.Total();
  const double share = Share(saved, found.path_ns).value_or(0);
  finding.claim = fmt::format(
      "With less own time ({}) requests would take {} less time; {} of {} would be faster",
      what_if.scenario->text, PercentText(share), what_if.changed, what_if.requests);
  finding.method =
      "Each trace is replayed: a child begins as long after the new end of what it waited for as "
      "it did, the parent's part of that shortened with the parent's own time; children side by "
      "side keep their offsets.";
  finding.source = "Coz, SOSP'15; CRISP, ATC'22; docs/design/0015";
  finding.assumptions = {
      "who waits for whom stays as it was in each trace: siblings that followed each other go on "
      "doing so",
      "own time is work and waiting within the service, all of it shortened alike",
      "nothing else gets faster or slower: no queue, lock or core is freed for others"};
  finding.evidence = {
      {"requests", Unit::kCount, static_cast<int64_t>(what_if.requests)},
      {"requests that get faster", Unit::kCount, static_cast<int64_t>(what_if.changed)}};
  finding.effect.name = "time saved, over all traces read";
  finding.effect.unit = Unit::kNanoseconds;
  finding.effect.value = static_cast<double>(saved);
  if (what_if.changed == 0) {
    finding.reason = "no span on the way of a request has these names";
    return finding;
  }
  const std::optional<statistics::Bounds> bounds = what_if.saved_ns.Interval(state.traces);
  if (!bounds) {
    finding.reason = "too few traces for an interval";
    return finding;
  }
  finding.effect.low = bounds->low;
  finding.effect.high = bounds->high;
  finding.effect.interval = "95 %, jackknife over 16 groups of traces";
  finding.verdict = Verdict::kSupported;
  finding.saves_ns = static_cast<double>(saved);
  return finding;
}

document::Table GainsTable(const std::vector<WhatIf>& what_ifs, const Facts& facts) {
  const model::Names& names = *facts.names;
  document::Table table;
  table.id = "faster";
  table.title = "What if these were faster?";
  table.columns = {
      {"options", "options", Unit::kNone, "less own time of a service or an operation"},
      {"entry", "entry", Unit::kNone, "service and operation that the request came to"},
      {"requests", "requests", Unit::kCount, "of this entry"},
      {"faster", "faster", Unit::kCount, "of these"},
      {"saved", "saved", Unit::kNanoseconds, "over all of them"},
      {"share", "share", Unit::kShare, "of their time"},
      {"p50", "p50", Unit::kNanoseconds, "as it was"},
      {"p50_after", "p50 then", Unit::kNanoseconds, "replayed"},
      {"p99", "p99", Unit::kNanoseconds, "as it was"},
      {"p99_after", "p99 then", Unit::kNanoseconds, "replayed"},
  };
  size_t total = 0;
  for (const WhatIf& one : what_ifs) total += one.entries.size();
  for (const WhatIf& one : what_ifs) {
    for (const Gain& gain : one.entries) {
      if (table.rows.size() == facts.table_rows) break;
      table.rows.push_back(
          RowOf(one.scenario->text, NameOf(names.Text(gain.service), names.Text(gain.operation)),
                gain.before_ns.count(), gain.changed, gain.saved_ns.Total(),
                Share(gain.saved_ns.Total(), static_cast<uint64_t>(gain.before_ns.sum())),
                gain.before_ns.Quantile(0.5), gain.after_ns.Quantile(0.5),
                gain.before_ns.Quantile(0.99), gain.after_ns.Quantile(0.99)));
    }
  }
  table.more_rows = total - table.rows.size();
  return table;
}

std::string Computed(const State& state, const Orders& orders) {
  std::string text = fmt::format(
      "Critical paths of {} requests in {} traces{}; each moment of a request belongs to one span. "
      "Apart: {} asynchronous spans, each with a path of its own. {} servers' spans began before "
      "their clients', or after those had ended: the clocks differ, so they were shifted by as "
      "little as makes them fit. Left out: {} spans that had ended when their parent began, {} "
      "without times, with all below them; {} traces without an entry that has times. {:g} ms on "
      "paths are those of lost spans. {} pairs of operations of one caller were compared, {} calls "
      "that their caller repeats and {} beyond {} of a caller were not.",
      state.roots, state.traces.Total(),
      state.of_calls == 0 ? ""
                          : fmt::format(" ({} of them of calls, without spans)", state.of_calls),
      state.asynchronous, state.shifted, state.before, state.untimed, state.without_times,
      static_cast<double>(state.inserted_ns) / 1e6, orders.pairs, state.repeated, state.too_many,
      CriticalPath::kWidest);
  if (state.ready_made > 0)
    text += fmt::format(" {} traces of ready-made graphs have no times.", state.ready_made);
  return text;
}

}  // namespace

const Description CriticalPath::kDescription = {
    .id = "critical-path",
    .title = "Critical path",
    .question = "Where does the time of requests really go?",
    .needs =
        "trace, parent (path or span), service, operation, start, duration; kind and side "
        "where known",
    .source = "CRISP, ATC'22; The Mystery Machine, OSDI'14; statistics.md T9",
};

document::Section CriticalPath::Conclude(const State& state, const Facts& facts) {
  const Found found(state);
  const Orders orders(state);
  document::Section section;
  section
      .AddHeadline(
          "path_steps", "operations on critical paths", Unit::kCount,
          static_cast<double>(std::count_if(found.steps.begin(), found.steps.end(),
                                            [](const Step& step) { return step.requests > 0; })))
      .total = true;
  uint64_t top = 0;
  for (size_t i = 0; i < std::min(kNamed, found.steps.size()); ++i)
    top += found.steps[i].own_ns.Total();
  section
      .AddHeadline("top_3_share", "time of requests in the three largest operations", Unit::kShare,
                   Share(top, found.path_ns))
      .key = true;
  uint64_t drag = 0;
  for (const Step& step : found.steps) drag += step.drag_ns;
  section.AddHeadline("drag_share", "time on the path that nothing beside it would take up",
                      Unit::kShare, Share(drag, found.path_ns));
  section.AddHeadline("uncertain_share",
                      "time of requests in siblings whose order is not certain, at most",
                      Unit::kShare, Share(orders.uncertain_ns, found.path_ns));
  section.AddHeadline("asynchronous_share", "asynchronous time, of all time on paths", Unit::kShare,
                      Share(found.asynchronous_ns, found.asynchronous_ns + found.path_ns));
  const std::vector<Scenario> scenarios = Scenarios(facts.faster);
  const std::vector<WhatIf> what_ifs = WhatIfs(state, scenarios);
  if (!what_ifs.empty()) {
    section
        .AddHeadline("faster_saves_share", "time of requests that the what-if saves", Unit::kShare,
                     Share(what_ifs.front().saved_ns.Total(), found.path_ns))
        .key = true;
  }
  if (facts.headline_only) return section;
  section.findings.push_back(WhereTimeGoes(found, state, facts));
  if (!what_ifs.empty()) {
    section.findings.push_back(WhatIfFinding(what_ifs.front(), found, state));
    section.tables.push_back(GainsTable(what_ifs, facts));
  }
  section.tables.push_back(StepsTable(found, state, facts));
  const PathsByLatency by_latency(state, *facts.names);
  section.tables.push_back(by_latency.Table(facts.table_rows));
  for (document::Figure& figure : by_latency.Figures())
    section.figures.push_back(std::move(figure));
  section.tables.push_back(OrdersTable(orders, facts));
  section.computed = Computed(state, orders);
  return section;
}

}  // namespace plumbago::analysis
