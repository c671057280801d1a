#include "generate/functions/app_planner.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <utility>

#include "generate/functions/draws.h"
#include "generate/functions/shape_tables.h"

namespace plumbago::generate::functions {
namespace {

constexpr uint32_t kTop = 256;

// Streams come out less variable than wished where few invocations or minutes blur them. Wished
// and got, over the published shape.
double WishedVariation(double c) {
  constexpr CdfPoint kWishes[] = {{0.2, 0.2}, {0.4, 0.55}, {0.5, 0.8}, {0.75, 1.35}, {1, 1.85},
                                  {1.5, 2.9}, {2, 3.8},    {3, 6},     {10, 28},     {100, 400}};
  if (c <= kWishes[0].x) return c;
  size_t i = 1;
  while (i + 1 < std::size(kWishes) && kWishes[i].x < c) ++i;
  const CdfPoint &low = kWishes[i - 1], &high = kWishes[i];
  return low.at * std::pow(high.at / low.at, std::log(c / low.x) / std::log(high.x / low.x));
}

}  // namespace

const char* PlantedName(Planted planted) {
  constexpr const char* kNames[kPlantedKinds] = {"none",   "five-hours", "daily",
                                                 "weekly", "drifting",   "follower"};
  return kNames[static_cast<uint8_t>(planted)];
}

AppPlanner::AppPlanner(const WorkloadShape& shape, const PlanOptions& options)
    : shape_(shape),
      options_(options),
      span_(static_cast<double>(options.span_days) * kMinutesOfDay),
      timers_(shape.timers, span_),
      functions_by_rate_(FunctionsByRate(shape, options.span_days)),
      sets_by_cell_(SetsByCell(shape, functions_by_rate_)) {
  Random random(MixSeeds(options.seed, 0x0117));
  owner_of_.resize(options.apps);
  for (uint32_t app = 0; app < options.apps; ++app) {
    if (app > 0 && random.Chance(1 / shape_.apps_per_owner)) ++owners_;
    owner_of_[app] = owners_;
  }
  if (options.apps > 0) ++owners_;
  ChooseTop();
  PlanRanks();
}

uint32_t AppPlanner::RankOf(uint32_t app) const {
  // A permutation of the next power of two, walked until it is within.
  const int bits = std::max(1, static_cast<int>(std::bit_width(options_.apps - 1)));
  const uint64_t key = MixSeeds(options_.seed, 0x7A4C) & ((uint64_t{1} << bits) - 1);
  uint64_t at = app;
  do {
    at = Scramble(at ^ key, bits) ^ key;
    at = Scramble(at, bits);
  } while (at >= options_.apps);
  return static_cast<uint32_t>(at);
}

double AppPlanner::DailyRate(uint32_t rank) const {
  return QuantileOf(shape_.invocations_a_day, (rank + 0.5) / options_.apps);
}

// Each takes the trigger and the size that lag most behind their shares of the invocations.
void AppPlanner::ChooseTop() {
  const uint32_t top = std::min(kTop, options_.apps / 64);
  std::array<double, kTriggerKinds> of_trigger{};
  std::vector<double> of_size(shape_.functions_by_invocations.size());
  // What the others bring, an eighth of all, is as sets of triggers are.
  constexpr double kOthers = 0.12;
  constexpr double kOfOthers[kTriggerKinds] = {0.6, 0.25, 0.06, 0.02, 0.03, 0.02, 0.02};
  std::array<double, kTriggerKinds> wished{};
  for (uint8_t t = 0; t < kTriggerKinds; ++t) {
    wished[t] = std::max(0.0, shape_.invocation_shares[t] - kOthers * kOfOthers[t]) / (1 - kOthers);
  }
  double sum = 0;
  for (uint32_t i = 0; i < top; ++i) {
    const double rate = DailyRate(options_.apps - 1 - i);
    sum += rate;
    TopChoice choice;
    double worst = -1e300;
    for (uint8_t t = 0; t < kTriggerKinds; ++t) {
      const double lag = wished[t] * sum - of_trigger[t] - 0.5 * rate;
      if (lag > worst) {
        worst = lag;
        choice.trigger = t;
      }
    }
    of_trigger[choice.trigger] += rate;
    worst = -1e300;
    size_t size = 0;
    for (size_t s = 0; s < of_size.size(); ++s) {
      const double before = s == 0 ? 0 : shape_.functions_by_invocations[s - 1].at;
      const double lag = (shape_.functions_by_invocations[s].at - before) * sum - of_size[s];
      if (lag > worst) {
        worst = lag;
        size = s;
      }
    }
    of_size[size] += rate;
    choice.functions = static_cast<uint32_t>(shape_.functions_by_invocations[size].x);
    top_.push_back(choice);
  }
}

AppPlan AppPlanner::Plan(uint32_t app) const {
  AppPlan plan;
  plan.app = app;
  plan.rank = RankOf(app);
  plan.owner = owner_of_[app];
  Random random(MixSeeds(MixSeeds(options_.seed, 0xA99), app));
  const double a_day = DailyRate(plan.rank);
  plan.total = std::max<uint64_t>(
      1, static_cast<uint64_t>(std::llround(a_day * static_cast<double>(options_.span_days))));
  const uint32_t from_top = options_.apps - 1 - plan.rank;
  uint32_t count = 0;
  uint8_t set = 0;
  const double size_draw = random.Unit(), set_draw = random.Unit();
  if (from_top < top_.size()) {
    count = top_[from_top].functions;
    set = static_cast<uint8_t>(1u << top_[from_top].trigger);
    // Some of the others, as they come in sets.
    if (count > 1 && random.Chance(0.5)) set |= set_draw < 0.5 ? kHttpBit : kQueueBit;
    if (count > 2 && random.Chance(0.4)) set |= kTimerBit;
  } else {
    const auto stratum = static_cast<uint32_t>(uint64_t{plan.rank} * kStrata / options_.apps);
    count = functions_by_rate_.Draw(stratum, size_draw) + 1;
    count = static_cast<uint32_t>(std::min<uint64_t>(count, plan.total));
    const size_t cell = CellOf(count, a_day);
    set = shape_.trigger_sets[sets_by_cell_.Draw(cell, set_draw)].triggers;
  }
  PlanLife(plan, random);
  plan.planted = PlantedAt(plan.rank);
  if (plan.planted != Planted::kNone) {
    PlantPeriod(plan, random);
    return plan;
  }
  if (from_top >= top_.size() && PlantFollower(plan, random)) return plan;
  DrawTriggers(plan, count, set, random);
  timers_.Plan(plan, from_top >= top_.size(), random);
  // Where there are timers, too, streams vary more, or the whole would hardly vary.
  if (plan.stream_total < plan.total) plan.variation *= 3;
  SplitStream(plan, random);
  return plan;
}

// Of applications that are invoked about as often as what is planted, a stretch of ranks.
Planted AppPlanner::PlantedAt(uint32_t rank) const {
  if (shape_.planted_share <= 0) return Planted::kNone;
  for (const auto& [planted, from, to] : planted_ranks_) {
    if (rank >= from && rank < to) return planted;
  }
  return Planted::kNone;
}

void AppPlanner::PlanRanks() {
  const auto wide = static_cast<uint32_t>(std::llround(shape_.planted_share * options_.apps));
  constexpr std::pair<Planted, double> kADay[] = {{Planted::kWeekly, 1. / 7},
                                                  {Planted::kDaily, 1.0005},
                                                  {Planted::kFiveHours, 4.8},
                                                  {Planted::kDrifting, 5.8}};
  uint32_t free = 0;
  for (const auto& [planted, a_day] : kADay) {
    // Behind the first of those that are invoked so often or more.
    uint32_t low = free, high = options_.apps;
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      if (DailyRate(middle) < a_day * 0.999) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const uint32_t end = std::min(low + wide, options_.apps - static_cast<uint32_t>(top_.size()));
    if (end > low) planted_ranks_.push_back({planted, low, end});
    free = std::max(low, end);
  }
}

void AppPlanner::PlantPeriod(AppPlan& plan, Random& random) const {
  plan.start = 0;
  plan.end = span_;
  plan.hour_amplitude = plan.week_amplitude = 0;
  plan.variation = 0;
  switch (plan.planted) {
    case Planted::kFiveHours:
      plan.period = 300;
      break;
    case Planted::kDaily:
      plan.period = kMinutesOfDay;
      break;
    case Planted::kWeekly:
      plan.period = 7 * kMinutesOfDay;
      break;
    default:
      plan.period = 240 + random.Below(120);
      plan.drift =
          random.Chance(0.5) ? 1.002 + 0.006 * random.Unit() : 0.998 - 0.004 * random.Unit();
  }
  plan.phase = random.Below(static_cast<uint32_t>(plan.period));
  if (random.Chance(0.5)) plan.jitter = 1 + random.Below(3);
  // As triggers are among those that are replaced.
  const double kind = random.Unit();
  const uint8_t trigger = kind < 0.35 ? 4 : kind < 0.85 ? 0 : 1;
  plan.functions.push_back({.trigger = trigger});
  double gap = plan.period;
  uint64_t total = 0;
  double at = plan.phase;
  while (at < span_) {
    ++total;
    at += gap;
    gap *= plan.drift;
  }
  plan.total = plan.stream_total = plan.functions[0].total = total;
}

// An application that repeats what another one of its owner does.
bool AppPlanner::PlantFollower(AppPlan& plan, Random& random) const {
  const bool wished = random.Chance(shape_.follower_share);
  if (!wished || plan.app == 0 || owner_of_[plan.app - 1] != plan.owner) return false;
  // Not of one that follows itself, not of those with very few or many invocations.
  const uint32_t rank = RankOf(plan.app - 1);
  const double total = DailyRate(rank) * static_cast<double>(options_.span_days);
  if (total < 20 || total > 20'000 || PlantedAt(rank) != Planted::kNone) return false;
  const AppPlan leader = Plan(plan.app - 1);
  if (leader.planted != Planted::kNone) return false;
  plan.planted = Planted::kFollower;
  plan.leader = plan.app - 1;
  plan.follow_share = 0.6 + 0.4 * random.Unit();
  plan.lag = random.Below(3);
  plan.total = static_cast<uint64_t>(static_cast<double>(leader.total) * plan.follow_share);
  plan.functions.push_back(
      {.trigger = static_cast<uint8_t>(random.Chance(0.6) ? 0 : 1), .total = plan.total});
  return true;
}

void AppPlanner::DrawTriggers(AppPlan& plan, uint32_t count, uint8_t set, Random& random) const {
  double sum = 0;
  for (uint8_t t = 0; t < kTriggerKinds; ++t) {
    if ((set >> t & 1) == 0) continue;
    sum += shape_.beyond[t];
    plan.functions.push_back({.trigger = t});
  }
  while (plan.functions.size() < count) {
    double u = random.Unit() * sum;
    uint8_t chosen = plan.functions[0].trigger;
    for (uint8_t t = 0; t < kTriggerKinds; ++t) {
      if ((set >> t & 1) == 0) continue;
      chosen = t;
      u -= shape_.beyond[t];
      if (u < 0) break;
    }
    plan.functions.push_back({.trigger = chosen});
  }
}

void AppPlanner::PlanLife(AppPlan& plan, Random& random) const {
  const auto total = static_cast<double>(plan.total);
  // Those invoked seldom live for a while, or are tried out once.
  const double whole = total < 14 ? 0.2 : total < 300 ? 0.45 : total < 3000 ? 0.6 : 0.8;
  plan.start = 0;
  plan.end = span_;
  if (!random.Chance(whole)) {
    const double longest = span_, shortest = std::max(3.0, std::min(total * 0.05, span_ / 4));
    const double length = shortest * std::pow(longest / shortest, std::sqrt(random.Unit()));
    // Some were there before, and end.
    plan.start = random.Chance(0.28) ? 0 : random.Unit() * (span_ - length);
    plan.end = plan.start + length;
  }
  plan.variation = WishedVariation(QuantileOf(shape_.variation, random.Unit()));
  if (options_.apps - 1 - plan.rank < top_.size()) {
    plan.start = 0;
    plan.end = span_;
    plan.hour_amplitude = plan.week_amplitude = 1.1;
    plan.variation = std::min(plan.variation, 0.4);
  } else if (const double u = random.Unit(); u < 0.3) {
    plan.hour_amplitude = 0;
  } else {
    plan.hour_amplitude = u < 0.7 ? 1 : 6;
    plan.week_amplitude = u < 0.7 ? 1 : 2;
    plan.hour_shift = u < 0.85 ? 0 : static_cast<int>(random.Below(24));
  }
}

// Functions of a stream: one each, and the rest by weights that differ widely.
void AppPlanner::SplitStream(AppPlan& plan, Random& random) const {
  constexpr double kByTrigger[kTriggerKinds] = {1, 2, 4, 0.3, 0, 0.5, 0.05};
  const uint32_t from_top = options_.apps - 1 - plan.rank;
  std::vector<double> weights;
  double sum = 0;
  for (const FunctionPlan& function : plan.functions) {
    double weight = function.period > 0 ? 0
                                        : kByTrigger[function.trigger] *
                                              std::exp(2.2 * std::max(Normal(random), -0.9));
    if (from_top < top_.size() && function.trigger == top_[from_top].trigger) weight *= 200;
    weights.push_back(weight);
    sum += weight;
  }
  uint64_t streams = 0;
  for (const double weight : weights) streams += weight > 0;
  if (streams == 0) return;
  // A few each, then by weight.
  uint64_t spare = plan.stream_total - streams;
  const double few =
      std::min(12.0, 0.4 * static_cast<double>(spare) / static_cast<double>(streams));
  for (size_t f = 0; f < weights.size(); ++f) {
    if (weights[f] <= 0) continue;
    const auto extra = static_cast<uint64_t>(few * random.Unit());
    plan.functions[f].total = 1 + extra;
    spare -= extra;
  }
  uint64_t given = 0;
  FunctionPlan* largest = nullptr;
  double largest_weight = -1;
  for (size_t f = 0; f < weights.size(); ++f) {
    if (weights[f] <= 0) continue;
    const auto extra = static_cast<uint64_t>(static_cast<double>(spare) * weights[f] / sum);
    plan.functions[f].total += extra;
    given += extra;
    if (weights[f] > largest_weight) {
      largest_weight = weights[f];
      largest = &plan.functions[f];
    }
  }
  largest->total += spare > given ? spare - given : 0;
}

}  // namespace plumbago::generate::functions
