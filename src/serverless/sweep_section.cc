#include "serverless/sweep_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "serverless/cells.h"
#include "serverless/policy_list.h"
#include "serverless/usual_finding.h"

namespace plumbago::serverless {
namespace {

using document::Axis;
using document::Cell;
using document::Figure;
using document::FigureKind;
using document::Series;
using document::Table;
using document::Unit;

// For who can set one window only: which one.
document::Finding UsualIsTheBestWindow(const Sweep& sweep) {
  document::Finding finding;
  finding.id = "fixed-10m-is-the-best-window";
  finding.claim = "Of fixed windows, 10 minutes cost least at 600 s of idle time a cold start.";
  finding.method = "600 s x cold starts + idle loaded seconds of each window tried.";
  finding.source = "docs/design/0019-functions.md; costs as of the ski rental (statistics T13)";
  const SweepPoint* best = nullptr;
  for (const SweepPoint& point : sweep.points) {
    if (point.family != "fixed") continue;
    if (best == nullptr || point.summary.cost(kUsualLambda) < best->summary.cost(kUsualLambda))
      best = &point;
  }
  const double usual = sweep.usual.cost(kUsualLambda);
  if (best == nullptr || usual <= 0) {
    finding.reason = "no fixed window was tried";
    return finding;
  }
  const double saved = 1 - best->summary.cost(kUsualLambda) / usual;
  finding.verdict = saved > 0 ? document::Verdict::kContradicted : document::Verdict::kSupported;
  finding.evidence = {
      {"the cheapest window", Unit::kNone, best->name},
      {"its cold starts", Unit::kCount, CountCell(best->summary.cold)},
      {"its idle loaded time", Unit::kNanoseconds, best->summary.idle_seconds * 1e9}};
  finding.effect = {"cost saved by " + best->name, Unit::kShare, saved, {}, {}, ""};
  finding.rank = saved;
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
  section.findings = {UsualIsBeaten(settings, sweep.usual), UsualIsTheBestWindow(sweep)};
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
      rules.Text());
  return section;
}

}  // namespace plumbago::serverless
