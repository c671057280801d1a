#include "serverless/simulation_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace plumbago::serverless {
namespace {

using document::Axis;
using document::Cell;
using document::Figure;
using document::FigureKind;
using document::Series;
using document::Table;
using document::Unit;

Cell CountCell(uint64_t count) { return Cell(static_cast<int64_t>(count)); }
Cell ShareCell(double percent) { return Cell(percent / 100); }

std::string RulesText(const Rules& rules) {
  return fmt::format("Replay: {}. Ties: {}. Executions: {}.", rules.replay, rules.ties,
                     rules.execution);
}

Table PolicyTable(const Simulation& simulation) {
  Table table;
  table.id = "policies";
  table.title = "Policies";
  table.columns = {
      {"policy", "policy", Unit::kNone, ""},
      {"cold_starts", "cold starts", Unit::kCount, ""},
      {"cold_of_invocations", "of all", Unit::kShare, "cold starts, of all invocations"},
      {"p50", "app p50", Unit::kShare,
       "cold starts, of an application's invocations: half of the applications have at most so "
       "many; p75, p90 alike"},
      {"p75", "p75", Unit::kShare, ""},
      {"p90", "p90", Unit::kShare, ""},
      {"always_cold", "always cold", Unit::kShare, "applications that met no loaded instance"},
      {"waste", "waste", Unit::kShare, "idle loaded time, of that of fixed:10m"},
      {"starts", "starts", Unit::kCount, "instances started, pre-warmed ones too"},
      {"bound", "x bound", Unit::kRatio,
       "lambda x cold starts + idle seconds, of that of b2, the best static set of ages in "
       "hindsight; policies that adapt may be below 1"}};
  // Columns that only some data can fill.
  const auto any = [&](auto&& has) {
    return std::any_of(simulation.policies.begin(), simulation.policies.end(),
                       [&](const Simulated& one) { return has(one.summary); });
  };
  const bool memory = any([](const Summary& s) { return s.gb_seconds.has_value(); });
  const bool waits = any([](const Summary& s) { return s.wait_seconds > 0; });
  const bool drops = any([](const Summary& s) { return s.dropped > 0; });
  if (memory) {
    table.columns.push_back({"gb_hours", "GB h", Unit::kCount,
                             "idle loaded time times memory, hours of a GB (1,024 MB), over "
                             "applications whose memory is known"});
  }
  if (waits) {
    table.columns.push_back(
        {"waited", "waited", Unit::kNanoseconds, "for starts, where the data says what they take"});
  }
  if (drops) {
    table.columns.push_back({"dropped", "dropped", Unit::kCount,
                             "invocations that fitted nowhere: all memory at work"});
  }
  for (const Simulated& one : simulation.policies) {
    const Summary& s = one.summary;
    auto& row = table.rows.emplace_back();
    row.insert(row.end(),
               {one.name, CountCell(s.cold), ShareCell(s.cold_percent()), ShareCell(s.p50),
                ShareCell(s.p75), ShareCell(s.p90), ShareCell(s.always_cold_percent),
                ShareCell(simulation.WastePercent(s)), CountCell(s.starts),
                one.b2_cost > 0 ? Cell(one.cost() / one.b2_cost) : Cell()});
    if (memory) row.push_back(s.gb_seconds ? Cell(*s.gb_seconds / 3600) : Cell());
    if (waits) row.push_back(s.wait_seconds * 1e9);
    if (drops) row.push_back(CountCell(s.dropped));
  }
  return table;
}

Table SourceTable(const Simulation& simulation) {
  Table table;
  table.id = "sources";
  table.title = "Where they come from";
  table.columns = {{"policy", "policy", Unit::kNone, ""}, {"source", "source", Unit::kNone, ""}};
  for (const Simulated& one : simulation.policies) {
    const Cell source = one.source;
    if (table.rows.empty() || table.rows.back()[1] != source) {
      table.rows.push_back({one.name, source});
    } else {
      std::get<std::string>(table.rows.back()[0]) += ", " + one.name;
    }
  }
  return table;
}

// How many applications have at most so many cold starts.
Figure ColdFigure(const Simulation& simulation) {
  constexpr size_t kMost = 5;
  Figure figure;
  figure.id = "cold-of-apps";
  figure.title = "Applications by their share of cold starts";
  figure.kind = FigureKind::kCdf;
  figure.x = Axis{"cold starts of its invocations", Unit::kShare};
  figure.y = Axis{"applications", Unit::kShare};
  for (const Simulated& one : simulation.policies) {
    const bool shown = simulation.policies.size() <= kMost || one.name == "fixed:10m" ||
                       one.name == "fixed:60m" || one.name.starts_with("hybrid:4h") ||
                       one.name.starts_with("ours");
    if (!shown || one.cold_curve.empty() || figure.series.size() == kMost) continue;
    Series series{one.name, {}};
    for (const ColdShare& share : one.cold_curve)
      series.points.push_back({share.percent / 100, share.apps});
    figure.series.push_back(std::move(series));
  }
  return figure;
}

struct Setting {
  const std::string* name;
  const Summary* summary;
};

// Whether what most run can be had for less: of the settings with at most as many cold starts, the
// one with the least idle time.
document::Finding UsualIsBeaten(std::span<const Setting> settings, const Summary& usual) {
  document::Finding finding;
  finding.id = "fixed-10m-is-beaten";
  finding.claim =
      "Another setting has no more cold starts than a window of 10 minutes, and less idle time.";
  finding.method = "Each setting replayed over the same invocations.";
  finding.source = "Shahrad et al., ATC'20, section 5: fixed windows against the hybrid policy";
  finding.published = "the hybrid policy dominates fixed windows";
  const Setting* best = nullptr;
  for (const Setting& one : settings) {
    if (one.summary->cold > usual.cold || one.summary->idle_seconds >= usual.idle_seconds) continue;
    if (best == nullptr || one.summary->idle_seconds < best->summary->idle_seconds) best = &one;
  }
  if (usual.idle_seconds <= 0) {
    finding.reason = "fixed:10m has no idle time to compare with";
    return finding;
  }
  finding.evidence = {
      {"settings tried", Unit::kCount, CountCell(settings.size())},
      {"fixed:10m: cold starts", Unit::kCount, CountCell(usual.cold)},
      {"fixed:10m: idle loaded time", Unit::kNanoseconds, usual.idle_seconds * 1e9}};
  if (best == nullptr) {
    finding.verdict = document::Verdict::kContradicted;
    return finding;
  }
  finding.verdict = document::Verdict::kSupported;
  finding.evidence.push_back(
      {*best->name + ": cold starts", Unit::kCount, CountCell(best->summary->cold)});
  finding.evidence.push_back(
      {*best->name + ": idle loaded time", Unit::kNanoseconds, best->summary->idle_seconds * 1e9});
  finding.effect = {"idle loaded time saved by " + *best->name,
                    Unit::kShare,
                    1 - best->summary->idle_seconds / usual.idle_seconds,
                    {},
                    {},
                    ""};
  finding.reason =
      "over this data, which chose the setting, too: of settings that learn nothing "
      "beforehand the choice is one of many";
  finding.rank = *finding.effect.value;
  return finding;
}

// The plane on which settings are compared.
Figure Plane(const Sweep& sweep) {
  Figure figure;
  figure.id = "front";
  figure.title = "Cold starts against idle loaded time";
  figure.kind = FigureKind::kLine;
  figure.x = Axis{"idle loaded time, of fixed:10m", Unit::kShare, true};
  figure.y = Axis{"cold starts", Unit::kCount, true};
  figure.key = true;
  for (const SweepPoint& point : sweep.points) {
    if (figure.series.empty() || figure.series.back().name != point.family)
      figure.series.push_back({point.family, {}});
    figure.series.back().points.push_back({point.summary.idle_seconds / sweep.usual.idle_seconds,
                                           static_cast<double>(point.summary.cold)});
  }
  for (Series& series : figure.series) {
    std::stable_sort(series.points.begin(), series.points.end(),
                     [](const auto& a, const auto& b) { return a.x < b.x; });
  }
  return figure;
}

Table FrontTable(const Sweep& sweep) {
  Table table;
  table.id = "front";
  table.title = "Settings that nothing beats";
  table.columns = {{"setting", "setting", Unit::kNone, ""},
                   {"cold_starts", "cold starts", Unit::kCount, ""},
                   {"p75", "app p75", Unit::kShare, ""},
                   {"waste", "waste", Unit::kShare, "idle loaded time, of that of fixed:10m"},
                   {"starts", "starts", Unit::kCount, ""},
                   {"knee", "", Unit::kNone, ""}};
  table.key = true;
  for (const size_t i : sweep.front) {
    const SweepPoint& point = sweep.points[i];
    table.rows.push_back({point.name, CountCell(point.summary.cold), ShareCell(point.summary.p75),
                          point.summary.idle_seconds / sweep.usual.idle_seconds,
                          CountCell(point.summary.starts),
                          sweep.knee == i ? Cell("knee") : Cell("")});
  }
  return table;
}

Table AllTable(const Sweep& sweep) {
  const std::set<size_t> front(sweep.front.begin(), sweep.front.end());
  Table table;
  table.id = "settings";
  table.title = "All settings tried";
  table.columns = {{"setting", "setting", Unit::kNone, ""},
                   {"cold_starts", "cold starts", Unit::kCount, ""},
                   {"waste", "waste", Unit::kShare, ""},
                   {"front", "on the front", Unit::kNone, ""}};
  for (size_t i = 0; i < sweep.points.size(); ++i) {
    const SweepPoint& point = sweep.points[i];
    table.rows.push_back({point.name, CountCell(point.summary.cold),
                          point.summary.idle_seconds / sweep.usual.idle_seconds,
                          point.bound         ? "a bound"
                          : front.contains(i) ? "yes"
                                              : ""});
  }
  return table;
}

Table ChangeTable(const Sweep& sweep, const Workload& load, bool winners, size_t rows) {
  Table table;
  table.id = winners ? "winners" : "losers";
  table.title = winners ? "Applications that gain most by the knee"
                        : "Applications that lose most by the knee";
  table.columns = {{"app", "application", Unit::kNone, ""},
                   {"invocations", "invocations", Unit::kCount, ""},
                   {"cold_before", "cold, fixed:10m", Unit::kCount, ""},
                   {"cold_after", "cold, knee", Unit::kCount, ""},
                   {"idle_before", "idle, fixed:10m", Unit::kNanoseconds, ""},
                   {"idle_after", "idle, knee", Unit::kNanoseconds, ""},
                   {"saves", "saves", Unit::kNanoseconds,
                    "600 s for each cold start less, and idle loaded time less"}};
  const auto add = [&](const AppChange& change) {
    if ((change.saves > 0) != winners) return;
    if (table.rows.size() == rows) {
      ++table.more_rows;
      return;
    }
    table.rows.push_back({load.apps[change.app].name, CountCell(change.before.invocations),
                          CountCell(change.before.cold), CountCell(change.after.cold),
                          change.before.idle_seconds * 1e9, change.after.idle_seconds * 1e9,
                          change.saves * 1e9});
  };
  if (winners) {
    for (const AppChange& change : sweep.changes) add(change);
  } else {
    for (auto at = sweep.changes.rbegin(); at != sweep.changes.rend(); ++at) add(*at);
  }
  return table;
}

}  // namespace

document::Section PoliciesSection(const Simulation& simulation) {
  document::Section section;
  section.id = "policies";
  section.title = "Keep-alive policies";
  section.question = "How many invocations meet no loaded instance, and what does it cost?";
  section.tables = {PolicyTable(simulation), SourceTable(simulation)};
  section.figures = {ColdFigure(simulation)};
  section.computed = RulesText(simulation.rules);
  std::vector<Setting> settings;
  for (const Simulated& one : simulation.policies) {
    if (!one.bound) settings.push_back({&one.name, &one.summary});
  }
  section.findings = {UsualIsBeaten(settings, simulation.usual)};
  return section;
}

document::Section SweepSection(const Sweep& sweep, const Workload& load, const Rules& rules,
                               size_t rows) {
  document::Section section;
  section.id = "front";
  section.title = "Which setting to take";
  section.question = "What does each cold start less cost, and where does it stop paying?";
  std::vector<Setting> settings;
  for (const SweepPoint& point : sweep.points) {
    if (!point.bound) settings.push_back({&point.name, &point.summary});
  }
  section.findings = {UsualIsBeaten(settings, sweep.usual)};
  if (sweep.usual.idle_seconds <= 0) {
    section.computed = "Cannot say: fixed:10m has no idle time to compare with.";
    return section;
  }
  section
      .AddHeadline("usual_cold_starts", "cold starts of fixed:10m", Unit::kCount,
                   static_cast<double>(sweep.usual.cold))
      .key = true;
  if (sweep.knee) {
    const SweepPoint& knee = sweep.points[*sweep.knee];
    section
        .AddHeadline("knee_cold_starts", "cold starts at the knee", Unit::kCount,
                     static_cast<double>(knee.summary.cold))
        .key = true;
    section
        .AddHeadline("knee_waste", "idle loaded time at the knee, of fixed:10m", Unit::kShare,
                     knee.summary.idle_seconds / sweep.usual.idle_seconds)
        .key = true;
    uint64_t gain = 0, lose = 0;
    for (const AppChange& change : sweep.changes)
      (change.saves > 0 ? gain : lose) += load.apps[change.app].weight;
    section.AddHeadline("apps_gain", "applications that gain by it, at 600 s a cold start",
                        Unit::kCount, static_cast<double>(gain));
    section.AddHeadline("apps_lose", "applications that lose by it", Unit::kCount,
                        static_cast<double>(lose));
  }
  section.figures = {Plane(sweep)};
  section.tables = {FrontTable(sweep), ChangeTable(sweep, load, true, rows),
                    ChangeTable(sweep, load, false, rows), AllTable(sweep)};
  section.computed = fmt::format(
      "Each setting is replayed over all of the data. The front: settings that no "
      "other beats in both; bounds, which see the future, are drawn and not on it. {} "
      "{}",
      sweep.knee ? fmt::format("The knee is {}: the point of the front farthest below "
                               "the line between its ends, each axis scaled to 0..1 "
                               "(Kneedle, Satopää et al., 2011).",
                               sweep.points[*sweep.knee].name)
                 : "It has no knee.",
      RulesText(rules));
  return section;
}

}  // namespace plumbago::serverless
