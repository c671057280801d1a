#include "serverless/advice/advice.h"

#include <algorithm>
#include <cmath>

#include "base/interrupt.h"
#include "serverless/advice/app_advice.h"
#include "serverless/advice/candidates.h"
#include "serverless/each_index.h"
#include "serverless/simulation.h"

namespace plumbago::serverless {
namespace {

void Add(DailyCost& sum, const DailyCost& one, double weight) {
  sum.cold += weight * one.cold;
  sum.idle_seconds += weight * one.idle_seconds;
  sum.invocations += weight * one.invocations;
}

constexpr double kStudent7 = 2.365;  // 97.5 % of Student's t with kAdviceBlocks - 1 degrees

AdviceTotals TotalsOf(const std::vector<ServiceAdvice>& services, const Workload& load) {
  AdviceTotals totals;
  std::vector<double> blocks;  // what all services save
  for (const ServiceAdvice& service : services) {
    const AppLoad& app = load.apps[service.app];
    const auto weight = static_cast<double>(app.weight);
    totals.services += app.weight;
    switch (service.verdict) {
      case AdviceVerdict::kChange:
        totals.change += app.weight;
        break;
      case AdviceVerdict::kKeep:
        totals.keep += app.weight;
        break;
      case AdviceVerdict::kNotConfirmed:
        totals.not_confirmed += app.weight;
        break;
      case AdviceVerdict::kCannotSay:
        totals.cannot_say += app.weight;
        break;
    }
    Add(totals.today, service.today_cost, weight);
    Add(totals.chosen, service.chosen_cost, weight);
    totals.saves += weight * service.saves;
    if (!service.block_saves.empty()) blocks.resize(kAdviceBlocks);
    for (size_t i = 0; i < service.block_saves.size(); ++i)
      blocks[i] += weight * service.block_saves[i];
    if (app.memory_mb > 0) {
      const double gb = weight * app.memory_mb / 1024;
      totals.with_memory += app.weight;
      totals.today_gb_seconds += gb * service.today_cost.idle_seconds;
      totals.chosen_gb_seconds += gb * service.chosen_cost.idle_seconds;
    }
  }
  if (!blocks.empty()) totals.saves_within = BatchMeansWithin(blocks);
  return totals;
}

}  // namespace

double BatchMeansWithin(std::span<const double> blocks) {
  const auto count = static_cast<double>(blocks.size());
  double mean = 0, squares = 0;
  for (const double block : blocks) mean += block / count;
  for (const double block : blocks) squares += (block - mean) * (block - mean);
  return kStudent7 * std::sqrt(squares / (count - 1) / count);
}

const char* AdviceVerdictName(AdviceVerdict verdict) {
  switch (verdict) {
    case AdviceVerdict::kChange:
      return "change";
    case AdviceVerdict::kKeep:
      return "keep";
    case AdviceVerdict::kNotConfirmed:
      return "not-confirmed";
    case AdviceVerdict::kCannotSay:
      return "cannot-say";
  }
  return "";
}

DataParts PartsOf(const Workload& load) {
  const uint32_t length = load.end_minute - load.first_minute;
  return {load.first_minute, load.first_minute + static_cast<uint32_t>(uint64_t{length} * 2 / 3),
          load.end_minute};
}

Advice Advise(const Workload& load, std::span<const PlatformKind> platforms,
              const AdviceOptions& options, unsigned threads) {
  Advice advice{options, PartsOf(load), {}};
  const std::vector<AppArrivals> arrivals = ArrivalsOf(load);
  for (const PlatformKind kind : platforms)
    advice.platforms.push_back({kind, std::vector<ServiceAdvice>(arrivals.size()), {}});
  const bool weekday_known = load.day0 != model::kNoDay;
  const auto advise = [&](size_t at) {
    AppReplay replay(arrivals[at], advice.parts, options.slots);
    const std::vector<Schedule> schedules =
        LikelySchedules(replay.training(), advice.parts.begin, advice.parts.split, weekday_known);
    AppFacts facts{schedules, BestKeep(replay.training(), options.lambda), weekday_known,
                   replay.training().total()};
    std::vector<uint32_t> keeps(UsualKeeps().begin(), UsualKeeps().end());
    keeps.push_back(facts.best_keep);
    if (options.today) keeps.push_back(*options.today);
    replay.TryAll(keeps);
    for (PlatformAdvice& platform : advice.platforms) {
      ServiceAdvice& service = platform.services[at];
      service = AdviseApp(replay, facts, advice.parts, PlatformOf(platform.platform), options);
      service.app = at;
    }
  };
  ForEachIndex(arrivals.size(), threads, [&](size_t at) {
    for (PlatformAdvice& platform : advice.platforms) platform.services[at].app = at;
    if (!Interrupted() && arrivals[at].minutes->total() > 0) advise(at);
  });
  for (PlatformAdvice& platform : advice.platforms) {
    std::erase_if(platform.services, [&](const ServiceAdvice& service) {
      return arrivals[service.app].minutes->total() == 0;
    });
    platform.totals = TotalsOf(platform.services, load);
    std::stable_sort(platform.services.begin(), platform.services.end(),
                     [](const auto& a, const auto& b) { return a.saves > b.saves; });
  }
  return advice;
}

}  // namespace plumbago::serverless
