#include "cli/functions_json.h"

#include <fmt/format.h>

#include "base/json_writer.h"

namespace plumbago::cli {
namespace {

using serverless::Simulated;
using serverless::Simulation;
using serverless::Summary;
using serverless::Sweep;

void WriteWorkload(const serverless::ReadWorkload& read, JsonWriter& json) {
  const serverless::Workload& load = read.load;
  json.BeginObject().Key("apps").Uint(load.apps.size());
  json.Key("rows").Uint(load.rows).Key("invocations").Uint(load.invocations);
  json.Key("first_minute").Uint(load.first_minute).Key("end_minute").Uint(load.end_minute);
  json.Key("missing_days").BeginArray();
  for (const uint32_t day : load.missing_days) json.Uint(day + 1);
  json.EndArray().Key("damage").BeginArray();
  for (const document::DamageCount& kind : read.by_kind)
    json.String(fmt::format("{} {}{}", kind.title, kind.count,
                            kind.first.empty() ? "" : " (" + kind.first + ")"));
  json.EndArray().Key("skipped").BeginArray();
  for (const std::string& file : read.skipped) json.String(file);
  json.EndArray().EndObject();
}

void WriteCosts(const Summary& s, double waste_percent, JsonWriter& json) {
  json.Key("cold_starts").Uint(s.cold).Key("cold_percent").BeginObject();
  json.Key("p50").Double(s.p50).Key("p75").Double(s.p75).Key("p90").Double(s.p90).EndObject();
  json.Key("always_cold_percent").Double(s.always_cold_percent);
  json.Key("cold_percent_of_invocations").Double(s.cold_percent());
  json.Key("waste_percent").Double(waste_percent);
  json.Key("idle_seconds").Double(s.idle_seconds).Key("gb_seconds");
  if (s.gb_seconds) {
    json.Double(*s.gb_seconds);
  } else {
    json.Null();
  }
  json.Key("memory_apps").Uint(s.memory_apps).Key("dropped").Uint(s.dropped);
  json.Key("wait_seconds").Double(s.wait_seconds).Key("most_at_once").Uint(s.most_at_once);
  json.Key("container_starts").Uint(s.starts);
}

void WritePolicies(const Simulation& simulation, JsonWriter& json) {
  json.BeginArray();
  for (const Simulated& one : simulation.policies) {
    json.BeginObject().Key("name").String(one.name).Key("source").String(one.source);
    WriteCosts(one.summary, simulation.WastePercent(one.summary), json);
    json.Key("lambda_seconds").Double(one.lambda).Key("multiple_of_bound");
    json.Double(one.b2_cost > 0 ? one.cost() / one.b2_cost : 0).EndObject();
  }
  json.EndArray();
}

void WriteChange(const serverless::AppChange& change, const serverless::Workload& load,
                 JsonWriter& json) {
  const auto outcome = [&](const serverless::Outcome& of) {
    json.BeginObject().Key("cold_starts").Uint(of.cold);
    json.Key("idle_seconds").Double(of.idle_seconds).EndObject();
  };
  const serverless::AppLoad& app = load.apps[change.app];
  json.BeginObject().Key("owner").String(app.owner).Key("app").String(app.name);
  json.Key("invocations").Uint(change.before.invocations).Key("before");
  outcome(change.before);
  json.Key("after");
  outcome(change.after);
  json.Key("saves_seconds").Double(change.saves).EndObject();
}

void WriteSweep(const Sweep& sweep, const serverless::Workload& load, JsonWriter& json) {
  json.BeginObject().Key("points").BeginArray();
  for (const serverless::SweepPoint& point : sweep.points) {
    json.BeginObject().Key("family").String(point.family).Key("name").String(point.name);
    json.Key("bound").Bool(point.bound);
    WriteCosts(point.summary,
               sweep.usual.idle_seconds > 0
                   ? 100 * point.summary.idle_seconds / sweep.usual.idle_seconds
                   : 0,
               json);
    json.EndObject();
  }
  json.EndArray().Key("front").BeginArray();
  for (const size_t i : sweep.front) json.String(sweep.points[i].name);
  json.EndArray().Key("knee");
  if (sweep.knee) {
    json.String(sweep.points[*sweep.knee].name);
  } else {
    json.Null();
  }
  json.Key("changes").BeginArray();
  for (const serverless::AppChange& change : sweep.changes) WriteChange(change, load, json);
  json.EndArray().EndObject();
}

}  // namespace

std::string SimulationJson(const serverless::ReadWorkload& read, const Simulation& simulation,
                           const std::optional<Sweep>& sweep, bool interrupted) {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject().Key("schema").String("plumbago-functions-simulate/1");
  json.Key("rules").BeginObject().Key("replay").String(simulation.rules.replay);
  json.Key("ties").String(simulation.rules.ties);
  json.Key("execution").String(simulation.rules.execution).EndObject();
  json.Key("workload");
  WriteWorkload(read, json);
  json.Key("policies");
  WritePolicies(simulation, json);
  if (sweep) {
    json.Key("sweep");
    WriteSweep(*sweep, read.load, json);
  }
  json.Key("interrupted").Bool(interrupted).Key("run").BeginObject();
  json.Key("read_seconds").Double(read.seconds).Key("policies").BeginArray();
  for (const Simulated& one : simulation.policies) {
    json.BeginObject().Key("name").String(one.name).Key("seconds").Double(one.seconds).EndObject();
  }
  json.EndArray().EndObject().EndObject();
  return text + "\n";
}

}  // namespace plumbago::cli
