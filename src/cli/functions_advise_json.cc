#include "cli/functions_advise_json.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "serverless/advice/advice_section.h"
#include "serverless/advice/platform.h"
#include "serverless/advice/setting_text.h"

namespace plumbago::cli {
namespace {

using serverless::Advice;
using serverless::AdviceTotals;
using serverless::DailyCost;
using serverless::Platform;
using serverless::PlatformAdvice;
using serverless::PlatformKind;
using serverless::ServiceAdvice;
using serverless::Setting;

void WriteSetting(const Setting& setting, JsonWriter& json) {
  json.BeginObject().Key("keep_seconds").Uint(setting.keep);
  json.Key("always_on").Uint(setting.always_on).Key("schedule");
  if (setting.schedule.empty()) {
    json.Null();
  } else {
    json.BeginObject().Key("period_minutes").Uint(setting.schedule.period);
    json.Key("windows").BeginArray();
    for (const auto& window : setting.schedule.windows) {
      json.BeginObject().Key("start_minute").Uint(window.start);
      json.Key("end_minute").Uint(window.end).EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndObject();
}

// In the platform's own terms.
void WriteTold(const Setting& setting, const Platform& platform, JsonWriter& json) {
  json.BeginObject();
  if (platform.kind == PlatformKind::kKnative) {
    const serverless::KnativeKeep told = serverless::KnativeKeepOf(setting.keep, setting.others);
    json.Key("min-scale").Uint(setting.always_on);
    json.Key("scale-to-zero-pod-retention-period").Uint(told.retention);
    json.Key("scale-down-delay").Uint(told.delay);
  } else {
    json.Key("cooldownPeriod").Uint(serverless::KedaCooldownOf(setting.keep));
    json.Key("minReplicaCount").Uint(setting.always_on);
  }
  json.EndObject();
}

void WriteCost(const DailyCost& cost, JsonWriter& json) {
  json.BeginObject().Key("cold_starts").Double(cost.cold);
  json.Key("idle_seconds").Double(cost.idle_seconds);
  json.Key("cold_percent_of_invocations").Double(100 * cost.cold_share()).EndObject();
}

void WriteService(const ServiceAdvice& service, const Platform& platform,
                  const serverless::AppLoad& app, const std::string& name, JsonWriter& json) {
  json.BeginObject().Key("owner").String(app.owner).Key("app").String(app.name);
  json.Key("name").String(name).Key("weight").Uint(app.weight);
  json.Key("verdict").String(AdviceVerdictName(service.verdict));
  json.Key("reason").String(service.reason);
  json.Key("today").BeginObject().Key("setting");
  WriteSetting(service.today, json);
  json.Key("cost");
  WriteCost(service.today_cost, json);
  json.EndObject().Key("chosen").BeginObject().Key("text").String(TextOf(service.chosen, platform));
  json.Key("setting");
  WriteSetting(service.chosen, json);
  json.Key("told");
  WriteTold(service.chosen, platform, json);
  json.Key("cost");
  WriteCost(service.chosen_cost, json);
  json.EndObject().Key("saves_seconds").Double(service.saves).Key("saves_within");
  if (service.saves_within) {
    json.Double(*service.saves_within);
  } else {
    json.Null();
  }
  json.Key("memory_mb");
  if (app.memory_mb > 0) {
    json.Double(app.memory_mb);
  } else {
    json.Null();
  }
  json.Key("idle_times").BeginObject().Key("chosen_on").Uint(service.idle_times_training);
  json.Key("judged_on").Uint(service.idle_times_rest).EndObject().Key("limit");
  if (service.limit) {
    json.BeginObject().Key("what").String(service.limit->limit);
    json.Key("best").String(TextOf(service.limit->best)).Key("setting");
    WriteSetting(service.limit->best, json);
    json.Key("cost");
    WriteCost(service.limit->cost, json);
    json.EndObject();
  } else {
    json.Null();
  }
  json.EndObject();
}

void WriteTotals(const AdviceTotals& totals, JsonWriter& json) {
  json.BeginObject().Key("services").Uint(totals.services).Key("change").Uint(totals.change);
  json.Key("keep").Uint(totals.keep).Key("not_confirmed").Uint(totals.not_confirmed);
  json.Key("cannot_say").Uint(totals.cannot_say).Key("today");
  WriteCost(totals.today, json);
  json.Key("chosen");
  WriteCost(totals.chosen, json);
  json.Key("saves_seconds").Double(totals.saves).Key("saves_within");
  if (totals.saves_within) {
    json.Double(*totals.saves_within);
  } else {
    json.Null();
  }
  json.Key("gb_hours");
  if (totals.with_memory > 0) {
    json.BeginObject().Key("services").Uint(totals.with_memory);
    json.Key("today").Double(totals.today_gb_seconds / 3600);
    json.Key("chosen").Double(totals.chosen_gb_seconds / 3600).EndObject();
  } else {
    json.Null();
  }
  json.EndObject();
}

}  // namespace

std::string AdviceJson(const serverless::ReadWorkload& read, const Advice& advice,
                       const std::vector<std::string>& names, bool interrupted) {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject().Key("schema").String("plumbago-functions-advise/1");
  json.Key("chosen_on").BeginObject().Key("first_minute").Uint(advice.parts.begin);
  json.Key("end_minute").Uint(advice.parts.split).EndObject();
  json.Key("judged_on").BeginObject().Key("first_minute").Uint(advice.parts.split);
  json.Key("end_minute").Uint(advice.parts.end).EndObject().Key("lambda_seconds");
  json.Double(advice.options.lambda).Key("most_cold_percent");
  if (advice.options.most_cold) {
    json.Double(100 * *advice.options.most_cold);
  } else {
    json.Null();
  }
  json.Key("damage").BeginArray();
  for (const document::DamageCount& kind : read.by_kind)
    json.String(fmt::format("{} {} ({})", kind.title, kind.count, kind.first));
  json.EndArray().Key("platforms").BeginArray();
  for (const PlatformAdvice& one : advice.platforms) {
    const Platform& platform = serverless::PlatformOf(one.platform);
    json.BeginObject().Key("platform").String(platform.id);
    json.Key("rules").String(AdviceRules(advice, platform, read.load));
    json.Key("totals");
    WriteTotals(one.totals, json);
    json.Key("services").BeginArray();
    for (const ServiceAdvice& service : one.services)
      WriteService(service, platform, read.load.apps[service.app], names[service.app], json);
    json.EndArray().EndObject();
  }
  json.EndArray().Key("interrupted").Bool(interrupted).EndObject();
  return text + "\n";
}

}  // namespace plumbago::cli
