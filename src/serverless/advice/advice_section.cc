#include "serverless/advice/advice_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "serverless/advice/manifest.h"
#include "serverless/advice/setting_text.h"
#include "serverless/workload_document.h"

namespace plumbago::serverless {
namespace {

using document::Cell;
using document::Table;
using document::Unit;

constexpr double kNs = 1e9;
constexpr double kHour = 3600;

std::optional<double> Scaled(std::optional<double> value, double by) {
  return value ? std::optional(*value * by) : std::nullopt;
}

const std::string& NameOf(const ServiceAdvice& service, const Workload& load) {
  return load.apps[service.app].name;
}

Table ServiceTable(const PlatformAdvice& advice, const Workload& load) {
  const Platform& platform = PlatformOf(advice.platform);
  const bool memory = advice.totals.with_memory > 0;
  Table table;
  table.id = "services";
  table.title = "What to change";
  table.key = true;
  table.columns = {{"service", "service", Unit::kNone, ""},
                   {"today", "today", Unit::kNone, "the setting that it is held against"},
                   {"today_cold", "cold/day", Unit::kNone, "cold starts a day with it"},
                   {"today_idle", "idle/day", Unit::kNanoseconds, "idle loaded time a day with it"},
                   {"setting", "better", Unit::kNone, ""},
                   {"cold", "cold/day", Unit::kNone, ""},
                   {"idle", "idle/day", Unit::kNanoseconds, ""},
                   {"saves", "saves/day", Unit::kNanoseconds,
                    "lambda for each cold start less, and idle loaded time less"},
                   {"within", "+-", Unit::kNanoseconds,
                    "half the 95 % interval of it: batch means of eight blocks"}};
  if (memory) {
    table.columns.push_back(
        {"gb_hours", "GB-h/day", Unit::kNone, "GB-hours of idle loaded time less, a day"});
  }
  for (const ServiceAdvice& service : advice.services) {
    if (service.verdict != AdviceVerdict::kChange) continue;
    std::vector<Cell> row = {NameOf(service, load),
                             TextOf(service.today, platform),
                             service.today_cost.cold,
                             service.today_cost.idle_seconds * kNs,
                             TextOf(service.chosen, platform),
                             service.chosen_cost.cold,
                             service.chosen_cost.idle_seconds * kNs,
                             service.saves * kNs,
                             document::CellOf(Scaled(service.saves_within, kNs))};
    if (memory) {
      const double mb = load.apps[service.app].memory_mb;
      std::optional<double> less;
      if (mb > 0)
        less = (service.today_cost.idle_seconds - service.chosen_cost.idle_seconds) * mb / 1024;
      row.push_back(document::CellOf(Scaled(less, 1 / kHour)));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// Those that cost most first.
Table LimitTable(const PlatformAdvice& advice, double lambda, const Workload& load) {
  Table table;
  table.id = "limits";
  table.title = "What the platform's limits cost";
  table.columns = {
      {"service", "service", Unit::kNone, ""},
      {"best", "best would be", Unit::kNone, "the best of all settings, if the platform had it"},
      {"cold", "cold/day more", Unit::kNone, "cold starts a day that the limit costs"},
      {"idle", "idle/day more", Unit::kNanoseconds, "idle loaded time a day that it costs"},
      {"limit", "what binds", Unit::kNone, ""}};
  std::vector<const ServiceAdvice*> limited;
  for (const ServiceAdvice& service : advice.services) {
    if (service.limit) limited.push_back(&service);
  }
  const auto costs = [&](const ServiceAdvice* service) {
    return lambda * (service->chosen_cost.cold - service->limit->cost.cold) +
           service->chosen_cost.idle_seconds - service->limit->cost.idle_seconds;
  };
  std::stable_sort(limited.begin(), limited.end(),
                   [&](const auto* a, const auto* b) { return costs(a) > costs(b); });
  for (const ServiceAdvice* service : limited) {
    table.rows.push_back(
        {NameOf(*service, load), TextOf(service->limit->best),
         service->chosen_cost.cold - service->limit->cost.cold,
         (service->chosen_cost.idle_seconds - service->limit->cost.idle_seconds) * kNs,
         service->limit->limit});
  }
  return table;
}

Table StayTable(const PlatformAdvice& advice, const Workload& load) {
  const Platform& platform = PlatformOf(advice.platform);
  Table table;
  table.id = "stay";
  table.title = "Services whose setting stays";
  table.columns = {{"service", "service", Unit::kNone, ""},
                   {"verdict", "verdict", Unit::kNone, ""},
                   {"tried", "was best where chosen", Unit::kNone, ""},
                   {"cold", "cold/day", Unit::kNone, "today's"},
                   {"idle", "idle/day", Unit::kNanoseconds, "today's"},
                   {"reason", "why", Unit::kNone, ""}};
  for (const ServiceAdvice& service : advice.services) {
    if (service.verdict == AdviceVerdict::kChange) continue;
    table.rows.push_back(
        {NameOf(service, load), AdviceVerdictName(service.verdict),
         service.verdict == AdviceVerdict::kNotConfirmed ? Cell(TextOf(service.chosen, platform))
                                                         : Cell(),
         service.today_cost.cold, service.today_cost.idle_seconds * kNs, service.reason});
  }
  return table;
}

document::Finding SavesFinding(const PlatformAdvice& advice, const Advice& all) {
  const Platform& platform = PlatformOf(advice.platform);
  const AdviceTotals& totals = advice.totals;
  document::Finding finding;
  finding.id = std::string("advice-saves-") + platform.id;
  finding.claim =
      fmt::format("On {}, settings chosen from this log cost less than today's.", platform.title);
  finding.method =
      "chosen on the first two thirds, judged on the rest; all that was chosen is counted, "
      "confirmed "
      "or not";
  finding.source = "docs/design/0022-advice.md";
  if (totals.saves_within) {
    const double low = totals.saves - *totals.saves_within;
    const double high = totals.saves + *totals.saves_within;
    finding.verdict = low > 0    ? document::Verdict::kSupported
                      : high < 0 ? document::Verdict::kContradicted
                                 : document::Verdict::kCannotSay;
    if (low <= 0 && high >= 0) finding.reason = "the interval of what is saved holds zero";
    finding.effect = {"saved a day", Unit::kNanoseconds, totals.saves * kNs,
                      low * kNs,     high * kNs,         "95 %, batch means of eight blocks"};
    finding.advice =
        fmt::format("Change {} {}: functions advise --for {} -o manifests/", totals.change,
                    totals.change == 1 ? "service" : "services", platform.id);
  } else {
    finding.reason = totals.keep > 0 ? "no other setting was cheaper" : "too little data";
  }
  const auto count = [](uint64_t services) { return Cell(static_cast<int64_t>(services)); };
  finding.evidence = {{"services that should change", Unit::kCount, count(totals.change)},
                      {"not confirmed", Unit::kCount, count(totals.not_confirmed)},
                      {"too little data", Unit::kCount, count(totals.cannot_say)}};
  finding.assumptions = {
      fmt::format("a cold start is worth {:.4g} s of idle loaded time", all.options.lambda)};
  return finding;
}

void AddTotals(const AdviceTotals& totals, document::Section& section) {
  const auto key = [&](const char* name, const char* title, Unit unit, double value) {
    section.AddHeadline(name, title, unit, value).key = true;
  };
  key("services_change", "services that should change", Unit::kCount,
      static_cast<double>(totals.change));
  key("today_cold", "cold starts a day today", Unit::kCount, totals.today.cold);
  key("advised_cold", "cold starts a day as advised", Unit::kCount, totals.chosen.cold);
  key("today_idle", "idle loaded time a day today", Unit::kNanoseconds,
      totals.today.idle_seconds * kNs);
  key("advised_idle", "idle loaded time a day as advised", Unit::kNanoseconds,
      totals.chosen.idle_seconds * kNs);
  if (totals.with_memory > 0) {
    section.AddHeadline("today_gb_hours", "GB-hours of it a day today", Unit::kNone,
                        totals.today_gb_seconds / kHour);
    section.AddHeadline("advised_gb_hours", "GB-hours of it a day as advised", Unit::kNone,
                        totals.chosen_gb_seconds / kHour);
  }
  const auto count = [&](const char* name, const char* title, uint64_t services) {
    section.AddHeadline(name, title, Unit::kCount, static_cast<double>(services));
  };
  count("services_keep", "services whose setting is the best", totals.keep);
  count("services_not_confirmed", "services where another was best, but not on the rest",
        totals.not_confirmed);
  count("services_cannot_say", "services with too little data", totals.cannot_say);
}

}  // namespace

std::string AdviceRules(const Advice& advice, const Platform& platform, const Workload& load) {
  const DataParts& parts = advice.parts;
  const AdviceOptions& options = advice.options;
  const std::string aim =
      options.most_cold
          ? fmt::format("the least idle loaded time with at most {:.4g} % of invocations cold",
                        *options.most_cold * 100)
          : fmt::format("the least of {:.4g} s x cold starts + idle loaded seconds",
                        options.lambda);
  std::string text = fmt::format(
      "Chosen on {} to {}, judged on the rest until {}: costs are of the rest, a day of it. Aim: "
      "{}. Totals sum what was chosen, also where it was not confirmed. Lifetime of {}: {}.",
      MinuteText(load, parts.begin), MinuteText(load, parts.split), MinuteText(load, parts.end),
      aim, platform.title, platform.lifetime);
  text += load.has_executions()
              ? fmt::format(" Executions are replayed one by one, {} at once an instance.",
                            options.slots)
              : " Counts by minute: c invocations in minute m come at 60 m + 60 i / c s, take no "
                "time and need one instance.";
  text += " An invocation at the very end of a window is warm; cold starts take no time.";
  if (platform.has_schedules && load.day0 == model::kNoDay)
    text += " No date is known: minute 0 is taken for midnight UTC.";
  return text;
}

document::Section AdviceSection(const PlatformAdvice& advice, const Advice& all,
                                const Workload& load) {
  const Platform& platform = PlatformOf(advice.platform);
  document::Section section;
  section.id = std::string("advice-") + platform.id;
  section.title = std::string("Advice for ") + platform.title;
  section.question = "How long should instances stay, and what does it save?";
  AddTotals(advice.totals, section);
  if (!all.options.most_cold) section.findings = {SavesFinding(advice, all)};
  for (Table& table :
       std::array{ServiceTable(advice, load), LimitTable(advice, all.options.lambda, load),
                  StayTable(advice, load)}) {
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  }
  section.computed = AdviceRules(all, platform, load);
  return section;
}

}  // namespace plumbago::serverless
