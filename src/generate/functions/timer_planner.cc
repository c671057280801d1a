#include "generate/functions/timer_planner.h"

#include <algorithm>
#include <cmath>

namespace plumbago::generate::functions {
namespace {

constexpr uint8_t kTimer = 4;  // model::Trigger::kTimer - 1

}  // namespace

// Executions are counted when they end: some timers' late by more than others.
void TimerPlanner::PlanJitter(FunctionPlan& function, Random& random) const {
  if (random.Chance(0.26)) function.jitter = function.period * std::pow(random.Unit(), 2);
  // Some are switched off for a while.
  if (random.Chance(0.09)) {
    function.pause = span_ * 0.0005 * std::pow(200.0, random.Unit());
    function.pause_at = function.first + random.Unit() * (span_ - function.first);
  }
}

// The period of the longest-running timer that fires `total` times within `life` minutes.
double TimerPlanner::LongestPeriod(double total, double life, Random& random) const {
  const double wished = life / total;
  if (wished < 1) return wished;
  double chosen = 0;
  uint32_t fitting = 0;
  for (const TimerPeriod& timer : timers_) {
    if (timer.minutes > wished * 1.025) break;
    ++fitting;
    chosen = timer.minutes;
  }
  // One that runs all the time if there is one, else one of the slowest that fit.
  if (chosen < wished * 0.95 && fitting > 0) {
    const uint32_t back = random.Below(std::min<uint32_t>(fitting, 3));
    chosen = timers_[fitting - 1 - back].minutes;
  }
  return chosen <= 0 ? wished : chosen;
}

// When a timer fires first.
void TimerPlanner::PlaceTimer(double start, double life, FunctionPlan& function,
                              Random& random) const {
  if (function.period < 1) {
    function.first = start;
    return;
  }
  const double runs = function.period * static_cast<double>(function.total - 1);
  const double room = std::max(0.0, life - runs);
  const double slots = std::max(1.0, std::floor(room / function.period));
  function.first = std::floor(start + std::floor(random.Unit() * slots) * function.period +
                              random.Unit() * std::min(function.period, room));
}

// Of the periods that are at least so long; the first timer of an application is mostly as fast as
// its invocations leave room for.
double TimerPlanner::DrawPeriod(double least, bool first, Random& random) const {
  const auto weight = [&](const TimerPeriod& timer) {
    if (timer.minutes < least) return 0.0;
    return first ? timer.weight * std::pow(least / timer.minutes, 3) : timer.weight;
  };
  // Any period, where none of the usual ones would take most of the invocations.
  if (first && least < 2880 && random.Chance(least < 1 ? 0.5 : 0.85)) return least * 1.005;
  double sum = 0;
  for (const TimerPeriod& timer : timers_) sum += weight(timer);
  double u = random.Unit() * sum;
  for (const TimerPeriod& timer : timers_) {
    if (timer.minutes >= least && (u -= weight(timer)) < 0) return timer.minutes;
  }
  return std::max(least, timers_.back().minutes);
}

void TimerPlanner::Plan(AppPlan& plan, bool may_lead, Random& random) const {
  uint64_t timers = 0, others = 0;
  for (const FunctionPlan& function : plan.functions) {
    ++(function.trigger == kTimer ? timers : others);
  }
  if (timers == 0) {
    plan.stream_total = plan.total;
    return;
  }
  // What others need at least; what timers may take. Where there are both, timers mostly come more
  // often, or the variation of such applications would be that of streams.
  uint64_t left = plan.total - others;
  if (others > 0) {
    const double to_others = random.Chance(0.7) ? 0.01 * random.Unit() : 0.8 + 0.2 * random.Unit();
    left = std::max<uint64_t>(timers,
                              static_cast<uint64_t>(static_cast<double>(left) * (1 - to_others)));
  }
  // A lone timer is what its number of invocations says; others live as long as the application.
  const double life = plan.functions.size() == 1 ? span_ : plan.end - plan.start;
  uint64_t taken = 0;
  uint64_t rest = timers;
  for (FunctionPlan& function : plan.functions) {
    if (function.trigger != kTimer) continue;
    --rest;
    uint64_t most = left - taken - rest;
    const bool leads = may_lead && others > 0 && taken == 0;
    if (leads && rest > 0) {
      most -= static_cast<uint64_t>(static_cast<double>(most) * 0.12 * random.Unit());
    }
    if (rest == 0 && others == 0) {
      function.total = most;
      function.period = LongestPeriod(static_cast<double>(most), life, random);
    } else {
      function.period = DrawPeriod(life / static_cast<double>(most), leads, random);
      const auto wished = static_cast<uint64_t>(life / function.period);
      function.total = std::clamp<uint64_t>(wished, 1, most);
    }
    PlaceTimer(life < span_ ? plan.start : 0, life, function, random);
    if (others == 0 || random.Chance(0.2)) PlanJitter(function, random);
    taken += function.total;
  }
  plan.stream_total = plan.total > taken ? plan.total - taken : 0;
  plan.stream_total = others == 0 ? 0 : std::max<uint64_t>(plan.stream_total, others);
}

}  // namespace plumbago::generate::functions
