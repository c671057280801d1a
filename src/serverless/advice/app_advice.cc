#include "serverless/advice/app_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "serverless/advice/candidates.h"

namespace plumbago::serverless {
namespace {

constexpr uint64_t kLeastInvocations = 10;  // in training
constexpr uint64_t kLeastIdleTraining = 5;  // idle times: fewer tell nothing of their distribution
constexpr uint64_t kLeastIdleRest = 3;
constexpr uint32_t kMostAlwaysOn = 20;
constexpr std::array<uint32_t, 3> kKeepsWithSchedule = {30, 60, 300};

// Smaller is better: first whether a bound is met, then the cost.
struct Score {
  double beyond = 0;  // share of cold invocations above what is allowed
  double cost = std::numeric_limits<double>::infinity();

  // Better by more than rounding.
  bool Beats(const Score& other) const {
    if (std::abs(beyond - other.beyond) > 1e-12) return beyond < other.beyond;
    return cost < other.cost - 1e-9 * (1 + std::abs(other.cost));
  }
};

Score ScoreOf(const Outcome& outcome, const AdviceOptions& options) {
  if (options.most_cold)
    return {std::max(0.0, outcome.cold_share() - *options.most_cold), outcome.idle_seconds};
  return {0, options.lambda * static_cast<double>(outcome.cold) + outcome.idle_seconds};
}

DailyCost Daily(const Outcome& outcome, double days) {
  return {static_cast<double>(outcome.cold) / days, outcome.idle_seconds / days,
          static_cast<double>(outcome.invocations) / days};
}

Setting KeepOf(uint32_t keep, const Platform& platform) {
  Setting setting;
  setting.keep = keep;
  setting.others =
      platform.kind == PlatformKind::kKnative ? KnativeOthersOf(keep) : platform.others_keep;
  return setting;
}

// Tries settings on the training part, and keeps the best.
class Choice {
 public:
  Choice(AppReplay& replay, const AdviceOptions& options) : replay_(replay), options_(options) {}
  bool Try(const Setting& setting) {
    Outcome outcome = replay_.OnTraining(setting);
    // The first request of the data is cold for any lifetime. That it is warm where an instance is
    // always on is no merit: that one was started, too.
    if (setting.always_on > 0) ++outcome.cold;
    const Score score = ScoreOf(outcome, options_);
    if (tried_ && !score.Beats(score_)) return false;
    tried_ = true;
    score_ = score;
    best_ = setting;
    return true;
  }
  const Setting& best() const { return best_; }
  const Score& score() const { return score_; }

 private:
  AppReplay& replay_;
  const AdviceOptions& options_;
  bool tried_ = false;
  Score score_;
  Setting best_;
};

void TryKeeps(Choice& choice, const AppFacts& facts, const Platform& platform, uint32_t longest) {
  const auto may = [&](uint32_t keep) { return keep >= platform.shortest_keep && keep <= longest; };
  for (const uint32_t keep : UsualKeeps()) {
    if (may(keep)) choice.Try(KeepOf(keep, platform));
  }
  if (may(facts.best_keep)) choice.Try(KeepOf(facts.best_keep, platform));
}

// Where requests overlap: Knative's delay holds all pods, and in the place of retention.
void TryDelays(Choice& choice) {
  const Platform& knative = PlatformOf(PlatformKind::kKnative);
  for (const uint32_t keep : UsualKeeps()) {
    if (keep <= kKnativeWindow || keep > kKnativeWindow + kKnativeMost) continue;
    Setting setting = KeepOf(keep, knative);
    setting.others = keep;
    choice.Try(setting);
  }
}

void TryAlwaysOn(Choice& choice, const Platform& platform) {
  for (uint32_t instances = 1; instances <= kMostAlwaysOn; ++instances) {
    Setting setting = KeepOf(platform.default_keep, platform);
    setting.always_on = instances;
    if (!choice.Try(setting) && instances > 1) break;
  }
}

void TrySchedules(Choice& choice, const AppFacts& facts, const Platform& platform, bool only_cron) {
  for (const Schedule& schedule : facts.schedules) {
    if (only_cron && !IsCron(schedule.period, facts.weekday_known)) continue;
    for (const uint32_t keep : kKeepsWithSchedule) {
      if (keep < platform.shortest_keep) continue;
      Setting setting = KeepOf(keep, platform);
      setting.schedule = schedule;
      choice.Try(setting);
    }
  }
}

// What binds, where `best` is none of the platform's settings.
std::string LimitText(const Setting& best, const Platform& platform) {
  if (best.schedule.empty()) return platform.limit;
  if (!platform.has_schedules) return "an instance cannot be held by the clock";
  return "cron cannot say " + TextOf(best.schedule);
}

// The best of what no platform's limit forbids, if it is more than 1 % better on the training part
// and better on the rest.
std::optional<LimitCost> LimitOf(AppReplay& replay, const AppFacts& facts, const DataParts& parts,
                                 const Platform& platform, const AdviceOptions& options,
                                 const Choice& choice) {
  Choice free(replay, options);
  free.Try(choice.best());
  TryKeeps(free, facts, platform, UsualKeeps().back());
  TrySchedules(free, facts, platform, false);
  if (free.best() == choice.best()) return std::nullopt;
  if (free.score().beyond == choice.score().beyond &&
      free.score().cost > 0.99 * choice.score().cost)
    return std::nullopt;
  const Outcome rest = replay.OnRest(free.best());
  if (!ScoreOf(rest, options).Beats(ScoreOf(replay.OnRest(choice.best()), options)))
    return std::nullopt;
  return LimitCost{free.best(), Daily(rest, parts.rest_days()), LimitText(free.best(), platform)};
}

double SavesOf(const Outcome& today, const Outcome& chosen, double lambda) {
  return lambda * (static_cast<double>(today.cold) - static_cast<double>(chosen.cold)) +
         today.idle_seconds - chosen.idle_seconds;
}

// A day of it, block by block.
std::vector<double> BlockSaves(AppReplay& replay, const ServiceAdvice& advice,
                               const DataParts& parts, double lambda) {
  const std::vector<Outcome> today = replay.OnBlocksOfRest(advice.today, kAdviceBlocks);
  const std::vector<Outcome> chosen = replay.OnBlocksOfRest(advice.chosen, kAdviceBlocks);
  std::vector<double> saves;
  saves.reserve(kAdviceBlocks);
  for (uint32_t i = 0; i < kAdviceBlocks; ++i)
    saves.push_back(SavesOf(today[i], chosen[i], lambda) * kAdviceBlocks / parts.rest_days());
  return saves;
}

// Why nothing can be said, "" where something can.
std::string TooLittle(const AppReplay& replay, const AppFacts& facts) {
  const auto few = [](const char* what, uint64_t there, uint64_t needed) {
    return fmt::format("{}: {}, at least {} are needed", what, there, needed);
  };
  if (facts.invocations_training < kLeastInvocations)
    return few("invocations in the part that chooses", facts.invocations_training,
               kLeastInvocations);
  const uint64_t training = replay.idle_times_in_training(), rest = replay.idle_times_in_rest();
  // One that is hardly ever idle says so.
  if (training < kLeastIdleTraining && facts.invocations_training < 100 * kLeastInvocations)
    return few("idle times of a minute in the part that chooses", training, kLeastIdleTraining);
  if (training >= kLeastIdleTraining && rest < kLeastIdleRest)
    return few("idle times of a minute in the part that judges", rest, kLeastIdleRest);
  return "";
}

}  // namespace

ServiceAdvice AdviseApp(AppReplay& replay, const AppFacts& facts, const DataParts& parts,
                        const Platform& platform, const AdviceOptions& options) {
  ServiceAdvice advice;
  advice.today = KeepOf(options.today.value_or(platform.default_keep), platform);
  advice.chosen = advice.today;
  advice.idle_times_training = replay.idle_times_in_training();
  advice.idle_times_rest = replay.idle_times_in_rest();
  if (parts.split > parts.begin && parts.end > parts.split) {
    advice.reason = TooLittle(replay, facts);
  } else {
    advice.reason = "the data are too short to be parted";
    return advice;
  }
  const double days = parts.rest_days();
  const Outcome today = replay.OnRest(advice.today);
  advice.today_cost = advice.chosen_cost = Daily(today, days);
  if (!advice.reason.empty()) return advice;

  Choice choice(replay, options);
  choice.Try(advice.today);
  choice.Try(KeepOf(platform.default_keep, platform));
  TryKeeps(choice, facts, platform, platform.longest_keep);
  if (platform.kind == PlatformKind::kKnative && replay.has_executions()) TryDelays(choice);
  TryAlwaysOn(choice, platform);
  if (platform.has_schedules) TrySchedules(choice, facts, platform, true);
  advice.chosen = choice.best();
  advice.limit = LimitOf(replay, facts, parts, platform, options, choice);
  if (advice.chosen == advice.today) {
    advice.verdict = AdviceVerdict::kKeep;
    advice.reason = "nothing else was cheaper";
    return advice;
  }
  const Outcome rest = replay.OnRest(advice.chosen);
  advice.chosen_cost = Daily(rest, days);
  advice.saves = SavesOf(today, rest, options.lambda) / days;
  advice.block_saves = BlockSaves(replay, advice, parts, options.lambda);
  advice.saves_within = BatchMeansWithin(advice.block_saves);
  if (ScoreOf(rest, options).Beats(ScoreOf(today, options))) {
    advice.verdict = AdviceVerdict::kChange;
  } else {
    advice.verdict = AdviceVerdict::kNotConfirmed;
    advice.reason = "what was best in the part that chooses was no better in the rest";
  }
  return advice;
}

}  // namespace plumbago::serverless
