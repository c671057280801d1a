#include "generate/functions/app_counts.h"

#include <algorithm>
#include <cmath>

#include "generate/functions/draws.h"

namespace plumbago::generate::functions {
namespace {

// Streams of less variation are regular: the same gap again and again.
constexpr double kRegular = 0.045;
// Streams with more invocations a day are busy.
constexpr double kBusyADay = 2880;

void AddOne(std::vector<MinuteCount>& counts, uint32_t minute, uint32_t count = 1) {
  if (!counts.empty() && counts.back().minute == minute) {
    counts.back().count += count;
  } else {
    counts.push_back({minute, count});
  }
}

}  // namespace

AppCounts::AppCounts(const WorkloadShape& shape, const PlanOptions& options,
                     const AppPlanner& planner)
    : shape_(shape),
      options_(options),
      planner_(planner),
      minutes_(options.span_days * kMinutesOfDay) {}

const AppPlan& AppCounts::Make(uint32_t app) {
  plan_ = planner_.Plan(app);
  if (plan_.planted == Planted::kFollower) {
    // The leader's counts first: they are a function of its number.
    AppPlan follower;
    std::swap(follower, plan_);
    Make(follower.leader);
    std::swap(follower, plan_);
    Random random(MixSeeds(MixSeeds(options_.seed, 0x57E), app));
    MakeFollower(plan_, random);
    return plan_;
  }
  if (counts_.size() < plan_.functions.size()) counts_.resize(plan_.functions.size());
  for (auto& counts : counts_) counts.clear();
  Random random(MixSeeds(MixSeeds(options_.seed, 0x57E), app));
  if (plan_.planted != Planted::kNone) {
    MakePlanted(plan_, random);
    return plan_;
  }
  for (size_t f = 0; f < plan_.functions.size(); ++f) {
    if (plan_.functions[f].period > 0) AddTimer(plan_.functions[f], random, counts_[f]);
  }
  if (plan_.stream_total > 0) MakeStream(plan_, random);
  return plan_;
}

void AppCounts::MakeStream(const AppPlan& plan, Random& random) {
  MakePace(plan);
  const double days = (plan.end - plan.start) / kMinutesOfDay;
  if (static_cast<double>(plan.stream_total) > kBusyADay * std::max(days, 0.02)) {
    MakeBusyStream(plan, random);
  } else {
    MakeRareStream(plan, random);
  }
}

void AppCounts::MakePlanted(const AppPlan& plan, Random& random) {
  double gap = plan.period, at = plan.phase;
  while (at < minutes_) {
    const double late = plan.jitter > 0 ? plan.jitter * random.Unit() : 0;
    AddOne(counts_[0], std::min(static_cast<uint32_t>(at + late), minutes_ - 1));
    at += gap;
    gap *= plan.drift;
  }
}

// Each invocation of any function of the leader's, `lag` minutes later, with a fixed chance.
void AppCounts::MakeFollower(const AppPlan& plan, Random& random) {
  std::vector<MinuteCount> followed;
  for (const auto& counts : counts_) {
    for (const MinuteCount& here : counts) {
      uint32_t count = 0;
      for (uint32_t i = 0; i < here.count; ++i) count += random.Chance(plan.follow_share);
      if (count > 0 && here.minute + plan.lag < minutes_) {
        followed.push_back({here.minute + plan.lag, count});
      }
    }
  }
  std::sort(followed.begin(), followed.end(),
            [](const MinuteCount& a, const MinuteCount& b) { return a.minute < b.minute; });
  for (auto& counts : counts_) counts.clear();
  if (counts_.empty()) counts_.resize(1);
  for (const MinuteCount& here : followed) AddOne(counts_[0], here.minute, here.count);
}

void AppCounts::AddTimer(const FunctionPlan& function, Random& random,
                         std::vector<MinuteCount>& counts) const {
  if (function.period >= 1) {
    double at = function.first;
    bool paused = function.pause <= 0;
    for (uint64_t i = 0; i < function.total && at < minutes_; ++i, at += function.period) {
      if (!paused && at >= function.pause_at) {
        paused = true;
        at += std::ceil(function.pause / function.period) * function.period;
        if (at >= minutes_) break;
      }
      const double late = function.jitter > 0 ? function.jitter * random.Unit() : 0;
      AddOne(counts, std::min(static_cast<uint32_t>(at + late), minutes_ - 1));
    }
    return;
  }
  AddEven(function.total, 1 / function.period, static_cast<uint32_t>(function.first), minutes_,
          counts);
}

void AppCounts::AddEven(uint64_t total, double rate, uint32_t begin, uint32_t end,
                        std::vector<MinuteCount>& counts) const {
  uint64_t before = 0;
  for (uint32_t minute = begin; minute < end && before < total; ++minute) {
    const auto now = std::min(total, static_cast<uint64_t>((minute - begin + 1) * rate + 1e-9));
    if (now > before) AddOne(counts, minute, static_cast<uint32_t>(now - before));
    before = now;
  }
}

void AppCounts::MakePace(const AppPlan& plan) {
  const uint32_t hours = options_.span_days * 24;
  pace_.resize(hours);
  for (uint32_t hour = 0; hour < hours; ++hour) {
    const auto of_day = static_cast<uint32_t>((static_cast<int>(hour) + 48 - plan.hour_shift) % 24);
    const double day = shape_.hours[of_day], week = shape_.weekdays[hour / 24 % 7];
    const double swing = 1 + plan.hour_amplitude * (day - 1);
    const double week_swing = 1 + plan.week_amplitude * (week - 1);
    pace_[hour] = std::max(swing, 0.02) * std::max(week_swing, 0.02);
  }
}

void AppCounts::MakeRareStream(const AppPlan& plan, Random& random) {
  const auto total = static_cast<size_t>(plan.stream_total);
  times_.clear();
  // Gaps, as a running sum in units of the mean gap. The first and last are half ones.
  double at = 0;
  const double c = plan.variation;
  const bool bursts = c > 1 && random.Chance(0.5);
  const double sigma = std::sqrt(std::log1p(c * c));
  NormalDraw normal;
  // Bursts of a geometric number: gaps within them are short, so c^2 = 2 k - 1.
  const double in_burst = bursts ? (c * c + 1) / 2 : 1;
  const double gap_in_burst = bursts ? 0.02 / in_burst : 0;
  for (size_t i = 0; i < total; ++i) {
    double gap = 1;
    if (bursts) {
      gap = random.Chance(1 / in_burst) ? in_burst * Exponential(random)
                                        : gap_in_burst * Exponential(random);
    } else if (c < kRegular) {
      gap = 1;
    } else {
      gap = std::exp(sigma * normal.Draw(random) - sigma * sigma / 2);
    }
    at += i == 0 ? gap * random.Unit() : gap;
    times_.push_back(at);
  }
  // The application's time, from its start to its end, through the paces of the hours.
  const double all = at + 0.5;
  double pace_sum = 0;
  const auto first_hour = static_cast<uint32_t>(plan.start / 60);
  const auto last_hour =
      std::min(static_cast<uint32_t>(plan.end / 60), static_cast<uint32_t>(pace_.size() - 1));
  const auto width = [&](uint32_t hour) {
    return std::min(plan.end, (hour + 1) * 60.0) - std::max(plan.start, hour * 60.0);
  };
  const bool even = c < kRegular;
  for (uint32_t h = first_hour; h <= last_hour; ++h) pace_sum += (even ? 1 : pace_[h]) * width(h);
  if (even && pace_sum > static_cast<double>(total)) {
    // Whole minutes between them.
    pace_sum = all * std::floor(pace_sum / all + 1e-9);
  }
  uint32_t hour = first_hour;
  double before = 0, here = (even ? 1 : pace_[hour]) * width(hour);
  for (double& time : times_) {
    const double wanted = time / all * pace_sum;
    while (wanted > before + here && hour < last_hour) {
      before += here;
      ++hour;
      here = (even ? 1 : pace_[hour]) * width(hour);
    }
    const double share = here > 0 ? std::min(1.0, (wanted - before) / here) : 0;
    time = std::max(plan.start, hour * 60.0) + share * width(hour);
  }
  // Whose turn it is: each function as often as planned, in any order.
  turns_.clear();
  for (uint32_t f = 0; f < plan.functions.size(); ++f) {
    const FunctionPlan& function = plan.functions[f];
    if (function.period <= 0) turns_.insert(turns_.end(), function.total, f);
  }
  for (size_t i = turns_.size(); i > 1; --i) {
    std::swap(turns_[i - 1], turns_[random.Below(static_cast<uint32_t>(i))]);
  }
  for (size_t i = 0; i < std::min(times_.size(), turns_.size()); ++i) {
    AddOne(counts_[turns_[i]], std::min(static_cast<uint32_t>(times_[i]), minutes_ - 1));
  }
}

void AppCounts::MakeBusyStream(const AppPlan& plan, Random& random) {
  // Pauses of mean length g leave a variation of about sqrt(2 p R g), p the share of time paused
  // and R the invocations a minute.
  on_.clear();
  const auto begin = static_cast<uint32_t>(plan.start);
  const auto end = std::min(static_cast<uint32_t>(std::ceil(plan.end)), minutes_);
  const double rate = static_cast<double>(plan.stream_total) / std::max(1.0, plan.end - plan.start);
  const double c = plan.variation;
  const double pause = std::exp(std::log(2.0) + random.Unit() * std::log(120.0));
  const double paused = std::min(0.7, c * c / (2 * rate * pause));
  const double running = pause * (1 - paused) / std::max(paused, 1e-9);
  if (c < 0.5 || running > end - begin) {
    on_.emplace_back(begin, end);
  } else {
    double at = begin - running * random.Unit();
    while (at < end) {
      const double until = at + running * Exponential(random);
      const auto from = static_cast<uint32_t>(std::max<double>(at, begin));
      const auto to = static_cast<uint32_t>(std::clamp<double>(std::ceil(until), begin, end));
      if (to > from) on_.emplace_back(from, to);
      at = std::max<double>(until, to) + std::max(1.0, pause * Exponential(random));
    }
    if (on_.empty()) on_.emplace_back(begin, std::min(begin + 1, minutes_));
  }
  for (size_t f = 0; f < plan.functions.size(); ++f) {
    if (plan.functions[f].period > 0) continue;
    if (c < kRegular) {
      // So many every minute, where that is a whole number.
      const double each = static_cast<double>(plan.functions[f].total) / (end - begin);
      AddEven(plan.functions[f].total, each > 3 ? std::ceil(each) : each, begin, end, counts_[f]);
    } else {
      BusyFunction(plan.functions[f].total, random, counts_[f]);
    }
  }
}

void AppCounts::BusyFunction(uint64_t total, Random& random,
                             std::vector<MinuteCount>& counts) const {
  double sum = 0;
  uint64_t on_minutes = 0;
  for (const auto& [from, to] : on_) {
    for (uint32_t m = from; m < to;) {
      const uint32_t until = std::min((m / 60 + 1) * 60, to);
      sum += pace_[m / 60] * (until - m);
      m = until;
    }
    on_minutes += to - from;
  }
  const double rate = static_cast<double>(total) / sum;
  if (static_cast<double>(total) < 0.05 * static_cast<double>(on_minutes)) {
    // Rare within a busy stream: exponential gaps, exactly `total` in the mean.
    double next = Exponential(random);
    double passed = 0;
    for (const auto& [from, to] : on_) {
      for (uint32_t m = from; m < to;) {
        const uint32_t until = std::min((m / 60 + 1) * 60, to);
        const double here = rate * pace_[m / 60];
        while (next < passed + here * (until - m)) {
          AddOne(counts,
                 m + std::min(static_cast<uint32_t>((next - passed) / here), until - m - 1));
          next += Exponential(random);
        }
        passed += here * (until - m);
        m = until;
      }
    }
    if (counts.empty() && !on_.empty()) counts.push_back({on_[0].first, 1});
    return;
  }
  for (const auto& [from, to] : on_) {
    for (uint32_t m = from; m < to;) {
      const uint32_t until = std::min((m / 60 + 1) * 60, to);
      const PoissonDraw draw(rate * pace_[m / 60]);
      for (; m < until; ++m) {
        const uint32_t count = draw.Draw(random);
        if (count > 0) counts.push_back({m, count});
      }
    }
  }
}

}  // namespace plumbago::generate::functions
