#include "serverless/simulation_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "serverless/cells.h"
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

// Cold starts against idle time, by application and by invocation.
Table PolicyTable(const Simulation& simulation) {
  Table table;
  table.id = "policies";
  table.title = "Policies";
  table.columns = {
      {"policy", "policy", Unit::kNone, ""},
      {"cold_starts", "cold starts", Unit::kCount, ""},
      {"p50", "app p50", Unit::kShare,
       "cold starts, of an application's invocations: half of the applications have at most so "
       "many; p75, p90 alike"},
      {"p75", "p75", Unit::kShare, ""},
      {"p90", "p90", Unit::kShare, ""},
      {"always_cold", "always cold", Unit::kShare, "applications that met no loaded instance"},
      {"waste", "waste", Unit::kShare, "idle loaded time, of that of fixed:10m"},
      {"bound", "x bound", Unit::kRatio,
       "lambda x cold starts + idle seconds, of that of b2, the best static set of ages in "
       "hindsight; policies that adapt may be below 1"}};
  for (const Simulated& one : simulation.policies) {
    const Summary& s = one.summary;
    table.rows.push_back({one.name, CountCell(s.cold), ShareCell(s.p50), ShareCell(s.p75),
                          ShareCell(s.p90), ShareCell(s.always_cold_percent),
                          ShareCell(simulation.WastePercent(s)),
                          one.b2_cost > 0 ? Cell(one.cost() / one.b2_cost) : Cell()});
  }
  return table;
}

// The other costs; columns that the data cannot fill are left out.
Table CostTable(const Simulation& simulation) {
  const auto any = [&](auto&& has) {
    return std::any_of(simulation.policies.begin(), simulation.policies.end(),
                       [&](const Simulated& one) { return has(one.summary); });
  };
  const bool memory = any([](const Summary& s) { return s.gb_seconds.has_value(); });
  const bool waits = any([](const Summary& s) { return s.wait_seconds > 0; });
  const bool drops = any([](const Summary& s) { return s.dropped > 0; });
  Table table;
  table.id = "costs";
  table.title = "What they cost besides";
  table.columns = {
      {"policy", "policy", Unit::kNone, ""},
      {"cold_of_invocations", "cold of all", Unit::kShare, "cold starts, of all invocations"},
      {"starts", "starts", Unit::kCount, "instances started, pre-warmed ones too"},
      {"idle", "idle", Unit::kNanoseconds, "loaded and not at work, over all instances"}};
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
               {one.name, ShareCell(s.cold_percent()), CountCell(s.starts), s.idle_seconds * 1e9});
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

}  // namespace

document::Section PoliciesSection(const Simulation& simulation) {
  document::Section section;
  section.id = "policies";
  section.title = "Keep-alive policies";
  section.question = "How many invocations meet no loaded instance, and what does it cost?";
  section.tables = {PolicyTable(simulation), CostTable(simulation), SourceTable(simulation)};
  section.figures = {ColdFigure(simulation)};
  section.computed = simulation.rules.Text();
  std::vector<Setting> settings;
  for (const Simulated& one : simulation.policies) {
    if (!one.bound) settings.push_back({&one.name, &one.summary});
  }
  section.findings = {UsualIsBeaten(settings, simulation.usual)};
  return section;
}

}  // namespace plumbago::serverless
