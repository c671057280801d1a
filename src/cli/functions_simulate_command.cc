// plumbago functions simulate: what keep-alive policies would have done.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/interrupt.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/input_flags.h"
#include "render/grid.h"
#include "render/quantity.h"
#include "render/screen.h"
#include "serverless/bounds.h"
#include "serverless/fixed_window.h"
#include "serverless/policy_list.h"
#include "serverless/summary.h"
#include "serverless/workload_reader.h"

namespace plumbago::cli {
namespace {

using serverless::Summary;

constexpr Flag kFlags[] = {
    {"--policy", "LIST", "policies, by commas: see below", "all"},
    {"--json", nullptr, "one object on one line (docs/formats/functions-json.md)"},
    kThreadsFlag,
    kStrictFlag,
};

constexpr const char* kReplayRule =
    "c invocations in minute m come at 60 m + 60 i / c s (i from 0 to c - 1); an application's "
    "functions together";
constexpr const char* kTieRule =
    "warm at the very end of a window, cold before the pre-warm; the first invocation is cold; "
    "windows close when the data ends";
constexpr const char* kExecutionRule =
    "executions take no time and cold starts none: these tables tell neither";

struct Simulated {
  std::string name;
  const char* source;
  Summary summary;
  double lambda;   // its own, or the usual one
  double b2_cost;  // at that lambda
};

struct Simulation {
  std::vector<Simulated> policies;
  double usual_idle_seconds = 0;  // of fixed:10m
};

Simulation Simulate(const serverless::Workload& load,
                    const std::vector<std::unique_ptr<serverless::Policy>>& policies,
                    unsigned threads) {
  std::vector<serverless::AppArrivals> apps;
  apps.reserve(load.apps.size());
  for (const serverless::AppLoad& app : load.apps)
    apps.push_back({&app.minutes, load.end_minute * 60.0});
  // What policies are held against is among them, mostly: done once.
  std::map<std::pair<std::string, double>, Summary> done;
  const auto summary_of = [&](const serverless::Policy& policy) -> const Summary& {
    const auto [at, fresh] = done.try_emplace({policy.name(), policy.lambda()});
    if (fresh) at->second = serverless::Summarise(policy.Replay(apps, threads), load);
    return at->second;
  };
  Simulation simulation;
  simulation.usual_idle_seconds =
      summary_of(serverless::FixedWindow("fixed:10m", 600)).idle_seconds;
  for (const auto& policy : policies) {
    if (Interrupted()) break;
    const double lambda = policy->lambda() > 0 ? policy->lambda() : serverless::kUsualLambda;
    const serverless::Bound b2("b2", serverless::BoundKind::kB2, lambda);
    simulation.policies.push_back({policy->name(), policy->source(), summary_of(*policy), lambda,
                                   summary_of(b2).cost(lambda)});
  }
  return simulation;
}

double WastePercent(const Simulation& simulation, const Summary& summary) {
  return simulation.usual_idle_seconds > 0
             ? 100 * summary.idle_seconds / simulation.usual_idle_seconds
             : 0;
}

double ColdOfInvocations(const Summary& summary) {
  return summary.invocations == 0
             ? 0
             : 100 * static_cast<double>(summary.cold) / static_cast<double>(summary.invocations);
}

std::string Json(const serverless::ReadWorkload& read, const Simulation& simulation) {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject().Key("schema").String("plumbago-functions-simulate/1");
  json.Key("rules").BeginObject().Key("replay").String(kReplayRule).Key("ties").String(kTieRule);
  json.Key("execution").String(kExecutionRule).EndObject();
  const serverless::Workload& load = read.load;
  json.Key("workload").BeginObject().Key("apps").Uint(load.apps.size());
  json.Key("rows").Uint(load.rows).Key("invocations").Uint(load.invocations);
  json.Key("first_minute").Uint(load.first_minute).Key("end_minute").Uint(load.end_minute);
  json.Key("missing_days").BeginArray();
  for (const uint32_t day : load.missing_days) json.Uint(day + 1);
  json.EndArray().Key("damage").BeginArray();
  for (const std::string& line : read.damage_lines) json.String(line);
  json.EndArray().Key("skipped").BeginArray();
  for (const std::string& file : read.skipped) json.String(file);
  json.EndArray().EndObject().Key("policies").BeginArray();
  for (const Simulated& one : simulation.policies) {
    const Summary& s = one.summary;
    json.BeginObject().Key("name").String(one.name).Key("source").String(one.source);
    json.Key("cold_starts").Uint(s.cold).Key("cold_percent").BeginObject();
    json.Key("p50").Double(s.p50).Key("p75").Double(s.p75).Key("p90").Double(s.p90).EndObject();
    json.Key("always_cold_percent").Double(s.always_cold_percent);
    json.Key("cold_percent_of_invocations").Double(ColdOfInvocations(s));
    json.Key("waste_percent").Double(WastePercent(simulation, s));
    json.Key("idle_seconds").Double(s.idle_seconds).Key("gb_seconds").Null();
    json.Key("container_starts").Uint(s.starts).Key("lambda_seconds").Double(one.lambda);
    json.Key("multiple_of_bound").Double(one.b2_cost > 0 ? s.cost(one.lambda) / one.b2_cost : 0);
    json.EndObject();
  }
  json.EndArray().Key("interrupted").Bool(read.interrupted || Interrupted()).EndObject();
  return text + "\n";
}

std::string Day(uint32_t minute) {
  return fmt::format("day {} {:02}:{:02}", minute / 1440 + 1, minute % 1440 / 60, minute % 60);
}

std::string Text(const serverless::ReadWorkload& read, const Simulation& simulation, int width,
                 bool colour) {
  render::Screen screen(width, colour);
  const serverless::Workload& load = read.load;
  const auto label = [&](const char* name, const std::string& text) {
    screen.Add(render::Labelled(name, text, 2, width));
  };
  label("input    ", fmt::format("{} · {} {} · {} rows · {} applications · {} invocations",
                                 fmt::join(read.formats, ", "), read.files,
                                 read.files == 1 ? "file" : "files", render::Count(load.rows),
                                 render::Count(load.apps.size()), render::Count(load.invocations)));
  std::string whole = fmt::format("{} to {}", Day(load.first_minute), Day(load.end_minute));
  if (load.end_minute - load.first_minute < 1440) {
    whole += fmt::format(" · minutes {} to {} of a day", load.first_minute % 1440,
                         (load.end_minute - 1) % 1440);
  }
  whole += load.missing_days.empty()
               ? " · no day is missing"
               : fmt::format(" · {} days are missing", load.missing_days.size());
  label("complete ", whole);
  label("damage   ", read.damage_lines.empty()
                         ? "none"
                         : fmt::format("{}", fmt::join(read.damage_lines, " · ")));
  label("rules    ", fmt::format("{}; {}; {}", kReplayRule, kTieRule, kExecutionRule));
  screen.Blank();
  render::Grid grid;
  using render::Fill;
  grid.columns = {{"policy", Fill::kWhole},
                  {"cold starts", Fill::kNumber},
                  {"of invocations", Fill::kNumber},
                  {"app p50", Fill::kNumber},
                  {"p75", Fill::kNumber},
                  {"p90", Fill::kNumber},
                  {"always cold", Fill::kNumber},
                  {"waste", Fill::kNumber},
                  {"starts", Fill::kNumber},
                  {"x bound", Fill::kNumber}};
  for (const Simulated& one : simulation.policies) {
    const Summary& s = one.summary;
    const auto percent = [](double value) { return fmt::format("{:.1f} %", value); };
    grid.rows.push_back(
        {one.name, render::Count(s.cold), fmt::format("{:.3g} %", ColdOfInvocations(s)),
         percent(s.p50), percent(s.p75), percent(s.p90), percent(s.always_cold_percent),
         percent(WastePercent(simulation, s)), render::Count(s.starts),
         one.b2_cost > 0 ? fmt::format("{:.2f}", s.cost(one.lambda) / one.b2_cost) : "-"});
  }
  screen.Add(render::LayOut(grid, width, 2).lines);
  screen.Blank();
  for (const std::string& line : {
           std::string("app p50, p75, p90: cold starts in percent of an application's "
                       "invocations, over applications"),
           std::string("waste: idle loaded time, of that of fixed:10m; starts: containers started, "
                       "pre-warmed ones too"),
           std::string("x bound: cost (cold starts times lambda, and idle seconds) of that of b2, "
                       "the best static set of ages in hindsight"),
       }) {
    screen.Add(render::Line("  " + line, render::Style::kDim));
  }
  return screen.text();
}

Result<int> Run(const Arguments& arguments) {
  if (arguments.inputs().empty())
    return Fail(ErrorKind::kUsage, "no input; name tables of invocations, or a folder of them");
  std::vector<std::string> names = arguments.List("--policy");
  if (names.empty()) names = {"all"};
  ASSIGN_OR_RETURN(const auto policies, serverless::PoliciesOf(names));
  ASSIGN_OR_RETURN(const unsigned threads, ThreadsFrom(arguments));
  ASSIGN_OR_RETURN(
      const serverless::ReadWorkload read,
      serverless::ReadFunctions(arguments.inputs(), nullptr, threads, isatty(STDERR_FILENO) != 0));
  const Simulation simulation = Simulate(read.load, policies, threads);
  const bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  RETURN_IF_ERROR(WriteWhole(
      "-", arguments.Has("--json") ? Json(read, simulation) : Text(read, simulation, 100, colour)));
  return ExitCode(arguments, read.interrupted || Interrupted(), DamageText(read.damage));
}

}  // namespace

extern const Command kFunctionsSimulate;
const Command kFunctionsSimulate{
    "functions simulate",
    "what keep-alive policies would have cost and saved",
    "TABLE|FOLDER...",
    "Replays the invocations of serverless functions under keep-alive policies, and says of each "
    "how "
    "many invocations met no loaded instance and how long instances were loaded for nothing. "
    "Policies: fixed:10m (keep for so long), no-unload, hybrid:4h:no-arima (Serverless in the "
    "Wild, "
    "ATC'20; behind the range any of cut=5-99, margin=10, cv=2, no-prewarm), ours[:lambda=600s] "
    "(learns the ages at which an invocation is likely; a cold start is worth lambda seconds of "
    "idle "
    "loaded time), bounds (what nobody can beat in hindsight), all.",
    kFlags,
    "  plumbago functions simulate azure14/\n"
    "  plumbago functions simulate --policy fixed:10m,hybrid:4h:no-arima,ours invocations.csv.zst\n"
    "  plumbago functions simulate --json --policy ours:lambda=20m day.csv > day.json\n",
    false,
    Run,
};

}  // namespace plumbago::cli
