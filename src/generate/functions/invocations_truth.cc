#include "generate/functions/invocations_truth.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/json_writer.h"
#include "generate/functions/function_names.h"
#include "model/function_rows.h"

namespace plumbago::generate::functions {
namespace {

constexpr std::pair<const char*, uint64_t InvocationCounts::*> kDamage[] = {
    {"duplicate_rows", &InvocationCounts::duplicate_rows},
    {"malformed_lines", &InvocationCounts::malformed_lines},
    {"functions_without_durations", &InvocationCounts::functions_without_durations},
    {"functions_in_durations_only", &InvocationCounts::functions_in_durations_only},
    {"apps_without_memory", &InvocationCounts::apps_without_memory},
    {"apps_in_memory_only", &InvocationCounts::apps_in_memory_only},
    {"negative_duration_rows", &InvocationCounts::negative_rows},
    {"other_count_rows", &InvocationCounts::other_count_rows},
    {"not_above_0_duration_rows", &InvocationCounts::not_above_0_rows},
};
constexpr std::pair<const char*, uint64_t InvocationCounts::*> kTotals[] = {
    {"apps", &InvocationCounts::apps},
    {"functions", &InvocationCounts::functions},
    {"invocations", &InvocationCounts::invocations},
    {"invocation_rows", &InvocationCounts::rows},
    {"duration_rows", &InvocationCounts::duration_rows},
    {"memory_rows", &InvocationCounts::memory_rows},
    {"log_apps", &InvocationCounts::log_apps},
    {"log_rows", &InvocationCounts::log_rows},
};

void WriteAsked(JsonWriter& json, const InvocationOptions& options, bool fitted) {
  json.Key("asked").BeginObject();
  json.Key("apps").Uint(options.apps).Key("days").Uint(options.days);
  json.Key("seed").Uint(options.seed).Key("shape").String(fitted ? "fitted" : "published");
  json.Key("memory_days").Uint(options.memory_days).Key("log_rows").Uint(options.log_rows);
  const InvocationDamage& damage = options.damage;
  json.Key("damage").BeginObject();
  json.Key("duplicates").Double(damage.duplicates).Key("malformed").Double(damage.malformed);
  json.Key("one_table").Double(damage.one_table).Key("negative").Double(damage.negative);
  json.Key("counts").Double(damage.counts).Key("missing_day").Uint(damage.missing_day);
  json.EndObject().EndObject();
}

void WritePlanted(JsonWriter& json, uint64_t seed, const InvocationsTruth::PlantedApp& app) {
  const AppPlan& plan = app.plan;
  json.BeginObject();
  json.Key("kind").String(PlantedName(plan.planted));
  json.Key("owner").String(HashName(seed, HashName::kOwner, plan.owner).text());
  json.Key("app").String(HashName(seed, HashName::kApp, plan.app).text());
  json.Key("function")
      .String(HashName(seed, HashName::kFunction, FunctionNumber(plan.app, 0)).text());
  json.Key("trigger").String(
      model::TriggerName(static_cast<model::Trigger>(plan.functions[0].trigger + 1)));
  if (plan.planted == Planted::kFollower) {
    json.Key("leader").String(HashName(seed, HashName::kApp, plan.leader).text());
    json.Key("share").Double(plan.follow_share).Key("lag_minutes").Uint(plan.lag);
  } else {
    json.Key("period_minutes").Double(plan.period);
    json.Key("first_minute").Double(plan.phase).Key("drift").Double(plan.drift);
    json.Key("jitter_minutes").Double(plan.jitter);
  }
  json.Key("invocations").Uint(app.invocations);
  json.EndObject();
}

}  // namespace

void InvocationCounts::Add(const InvocationCounts& other) {
  for (const auto& [name, count] : kDamage) this->*count += other.*count;
  for (const auto& [name, count] : kTotals) this->*count += other.*count;
}

void InvocationsTruth::Merge(InvocationsTruth&& other) {
  counts.Add(other.counts);
  std::move(other.planted.begin(), other.planted.end(), std::back_inserter(planted));
  std::sort(planted.begin(), planted.end(),
            [](const PlantedApp& a, const PlantedApp& b) { return a.plan.app < b.plan.app; });
  interrupted = interrupted || other.interrupted;
}

std::string InvocationsTruth::Json(const InvocationOptions& options, bool fitted) const {
  std::string text;
  JsonWriter json(&text, 1);
  json.BeginObject();
  json.Key("schema").Uint(1);
  WriteAsked(json, options, fitted);
  for (const auto& [name, count] : kTotals) json.Key(name).Uint(counts.*count);
  json.Key("damage").BeginObject();
  for (const auto& [name, count] : kDamage) json.Key(name).Uint(counts.*count);
  json.EndObject();
  json.Key("planted").BeginArray();
  for (const PlantedApp& app : planted) WritePlanted(json, options.seed, app);
  json.EndArray();
  json.EndObject();
  return text + "\n";
}

}  // namespace plumbago::generate::functions
