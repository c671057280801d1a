#include "serverless/figures/periods.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "serverless/each_index.h"
#include "statistics/many_tests.h"

namespace plumbago::serverless {
namespace {

using document::Cell;
using document::Unit;

constexpr double kFalse = 0.01;
constexpr double kMinuteNs = 60e9;

// "02:30", "Wed 02:30", "from 00:14" (each hour or more), "minute 3 of 5", "drifts".
std::string PhaseText(const Workload& load, const FoundPeriod& found) {
  constexpr uint32_t kDay = 1440, kWeek = 7 * kDay;
  constexpr std::array<const char*, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  if (found.minutes == 1) return "every minute";
  if (!found.on_clock) return "drifts";
  const uint32_t phase = found.phase, at = phase % kDay;
  if (found.minutes == kWeek) {
    const std::string clock = fmt::format("{:02}:{:02}", at / 60, at % 60);
    if (load.day0 == model::kNoDay) return fmt::format("day {} {}", phase / kDay + 1, clock);
    const int64_t day = int64_t{load.day0} + phase / kDay;
    return fmt::format("{} {}", kDays[static_cast<size_t>((day % 7 + 7) % 7)], clock);
  }
  if (found.minutes == kDay) return fmt::format("{:02}:{:02}", at / 60, at % 60);
  if (kDay % found.minutes == 0 && found.minutes >= 60)
    return fmt::format("from {:02}:{:02}", at / 60, at % 60);
  return fmt::format("minute {} of {}", phase, found.minutes);
}

document::Table TableOf(const FigureContext& context,
                        const std::vector<PeriodicFunction>& periodic) {
  document::Table table;
  table.id = "periodic";
  table.title = "Functions with a period";
  table.columns = {
      {"app", "application", Unit::kNone, ""},
      {"function", "function", Unit::kNone, ""},
      {"trigger", "trigger", Unit::kNone, ""},
      {"period", "period", Unit::kNanoseconds, "mean distance of the events that come again"},
      {"phase", "phase", Unit::kNone,
       "on the clock of the data, the most frequent; drifts: at no fixed phase"},
      {"explained", "explained", Unit::kShare,
       "of its invocations, those with another one a period before or behind"},
      {"invocations", "invocations", Unit::kCount, ""}};
  std::vector<const PeriodicFunction*> order;
  order.reserve(periodic.size());
  for (const PeriodicFunction& one : periodic) order.push_back(&one);
  // Those of which a period explains most invocations first, but not by size alone: by share, then
  // by invocations.
  const auto total = [&](const PeriodicFunction& one) {
    return context.load.apps[one.app].functions[one.function].minutes.total();
  };
  std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
    const double x = a->found.explained, y = b->found.explained;
    return x != y ? x > y : total(*a) > total(*b);
  });
  const size_t kept = std::min(order.size(), context.table_rows);
  for (size_t i = 0; i < kept; ++i) {
    const AppLoad& app = context.load.apps[order[i]->app];
    const FunctionLoad& function = app.functions[order[i]->function];
    table.rows.push_back({app.name, function.name, std::string(TriggerName(function.trigger)),
                          order[i]->found.mean * kMinuteNs,
                          PhaseText(context.load, order[i]->found), order[i]->found.explained,
                          static_cast<int64_t>(function.minutes.total())});
  }
  table.more_rows = order.size() - kept;
  return table;
}

std::string PeriodText(uint32_t minutes) {
  if (minutes % 1440 == 0) return fmt::format("{} d", minutes / 1440);
  if (minutes % 60 == 0) return fmt::format("{} h", minutes / 60);
  return fmt::format("{} min", minutes);
}

document::Figure FigureOf(const FigureContext& context,
                          const std::vector<PeriodicFunction>& periodic) {
  std::map<uint32_t, uint64_t> counts;
  uint64_t drifting = 0;
  for (const PeriodicFunction& one : periodic) {
    const uint64_t weight = context.load.apps[one.app].weight;
    if (one.found.on_clock) {
      counts[one.found.minutes] += weight;
    } else {
      drifting += weight;
    }
  }
  std::vector<std::pair<uint64_t, uint32_t>> most;
  most.reserve(counts.size());
  for (const auto& [period, count] : counts) most.emplace_back(count, period);
  std::sort(most.begin(), most.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  constexpr size_t kBars = 14;
  uint64_t others = 0;
  for (size_t i = kBars; i < most.size(); ++i) others += most[i].first;
  most.resize(std::min(most.size(), kBars));
  std::sort(most.begin(), most.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  document::Figure figure;
  figure.id = "period-counts";
  figure.title = "Functions by their period";
  figure.kind = document::FigureKind::kBars;
  figure.y = {"functions", Unit::kCount, false};
  document::Series& series = figure.series.emplace_back();
  series.name = "functions";
  const auto add = [&](std::string label, uint64_t count) {
    series.points.push_back(
        {static_cast<double>(figure.labels.size()), static_cast<double>(count)});
    figure.labels.push_back(std::move(label));
  };
  for (const auto& [count, period] : most) add(PeriodText(period), count);
  if (others > 0) add("other", others);
  if (drifting > 0) add("drifting", drifting);
  figure.key = true;
  return figure;
}

}  // namespace

std::vector<PeriodicFunction> PeriodicFunctions(const Workload& load, unsigned threads,
                                                uint64_t* tested) {
  std::vector<PeriodicFunction> all;
  for (uint32_t a = 0; a < load.apps.size(); ++a) {
    for (uint32_t f = 0; f < load.apps[a].functions.size(); ++f) all.push_back({a, f, {}});
  }
  std::vector<uint8_t> known(all.size());
  ForEachIndex(all.size(), threads, [&](size_t i) {
    const FunctionLoad& function = load.apps[all[i].app].functions[all[i].function];
    if (const auto found = FindPeriod(function.minutes, load.first_minute, load.end_minute)) {
      all[i].found = *found;
      known[i] = 1;
    }
  });
  std::vector<PeriodicFunction> candidates;
  std::vector<double> p;
  uint64_t tests = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    tests += known[i];
    if (known[i] == 0 || all[i].found.minutes == 0) continue;
    candidates.push_back(all[i]);
    p.push_back(all[i].found.p);
  }
  if (tested != nullptr) *tested = tests;
  const std::vector<double> adjusted = statistics::BenjaminiHochberg(p, tests);
  std::vector<PeriodicFunction> periodic;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (adjusted[i] <= kFalse) periodic.push_back(candidates[i]);
  }
  return periodic;
}

bool Periods(const FigureContext& context, document::Section& section) {
  const Workload& load = context.load;
  uint64_t tested = 0;
  const std::vector<PeriodicFunction> periodic = PeriodicFunctions(load, context.threads, &tested);
  section.computed = fmt::format(
      "{} functions with four events or more are tested. An event is a minute with an invocation "
      "(for periods of half an hour or more: the first of a row). Of round periods and of the most "
      "frequent gaps it is asked how often an event comes again a period later, against the lags a "
      "few minutes beside it (binomial tail, times the periods tried); else, whether each gap is "
      "like the one before it (drifting). Of all functions, those that count at a false discovery "
      "rate of 1 % (Benjamini, Hochberg 1995). Up to 7 days; a period needs three repetitions "
      "within "
      "the data.",
      tested);
  uint64_t timers = 0, timers_periodic = 0, explained_apps = 0;
  double explained = 0;
  for (const AppLoad& app : load.apps) {
    for (const FunctionLoad& function : app.functions) {
      if (function.trigger == model::Trigger::kTimer &&
          function.minutes.active_minutes() >= kFewestEvents)
        timers += app.weight;
    }
  }
  std::optional<uint32_t> last;
  for (const PeriodicFunction& one : periodic) {
    const AppLoad& app = load.apps[one.app];
    const FunctionLoad& function = app.functions[one.function];
    explained += one.found.explained * static_cast<double>(function.minutes.total()) *
                 static_cast<double>(app.weight);
    if (function.trigger == model::Trigger::kTimer) timers_periodic += app.weight;
    if (last != one.app) explained_apps += app.weight;
    last = one.app;
  }
  const auto share = [](double part, uint64_t of) {
    return of > 0 ? std::optional<double>(part / static_cast<double>(of)) : std::nullopt;
  };
  section
      .AddHeadline(
          "periodic_apps",
          context.apps_whole ? "applications with a periodic function" : "functions with a period",
          Unit::kShare, share(static_cast<double>(explained_apps), context.apps))
      .key = true;
  section.AddHeadline("explained", "invocations that a period explains", Unit::kShare,
                      share(explained, context.invocations));
  section.AddHeadline("periodic_timers",
                      "functions with a timer (four events or more) whose period was found",
                      Unit::kShare, share(static_cast<double>(timers_periodic), timers));
  if (!periodic.empty()) {
    section.figures.push_back(FigureOf(context, periodic));
    section.tables.push_back(TableOf(context, periodic));
  }
  return true;
}

}  // namespace plumbago::serverless
