#include "generate/functions/shape_fit.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "statistics/distribution_fit.h"

namespace plumbago::generate::functions {
namespace {

// Curves keep so many points at most, and all of the last ones: single large applications matter.
constexpr size_t kPoints = 400, kLastPoints = 64;

template <size_t N>
bool Normalise(std::array<double, N>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  if (sum <= 0) return false;
  for (double& value : values) value *= static_cast<double>(N) / sum;
  return true;
}

template <size_t N>
void MakeShares(std::array<double, N>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  if (sum <= 0) return;
  for (double& value : values) value /= sum;
}

}  // namespace

void ShapeFitter::AddApp(const AppFigures& app, uint64_t weight) {
  if (app.total == 0 || weight == 0) return;
  const auto w = static_cast<double>(weight);
  const auto total = static_cast<double>(app.total);
  apps_ += w;
  a_day_.push_back({total / days_, w});
  const auto size = static_cast<double>(app.functions.size());
  sizes_.push_back({size, w});
  sizes_by_invocations_.push_back({size, w * total});
  uint8_t set = 0;
  for (const FunctionFigures& function : app.functions) {
    // Of what triggers them nothing is known in many logs: what comes at a period is a timer.
    uint8_t trigger = function.trigger;
    if (trigger >= kTriggerKinds) trigger = function.period > 0 ? 4 : 6;
    set |= static_cast<uint8_t>(1u << trigger);
    functions_[trigger] += w;
    invocations_[trigger] += w * static_cast<double>(function.total);
    if (trigger == 4 && function.period > 0) periods_.push_back({function.period, w});
  }
  sets_[set] += w;
  for (uint8_t t = 0; t < kTriggerKinds; ++t) having_[t] += w * (set >> t & 1);
  if (app.variation >= 0 && (set & kTimerBit) == 0) variation_.push_back({app.variation, w});
  for (size_t h = 0; h < 24; ++h) hours_[h] += w * static_cast<double>(app.hours[h]);
  for (size_t d = 0; d < 7; ++d) weekdays_[d] += w * static_cast<double>(app.weekdays[d]);
}

void ShapeFitter::AddDuration(double average_s, uint64_t weight) {
  if (!(average_s > 0)) return;
  const auto w = static_cast<double>(weight);
  const double log = std::log(average_s);
  durations_ += w;
  log_sum_ += w * log;
  log_square_ += w * log * log;
}

void ShapeFitter::AddMemory(double average_mb, uint64_t weight) {
  if (average_mb >= 0.5) memory_.Add(static_cast<uint64_t>(std::llround(average_mb)), weight);
}

std::vector<CdfPoint> ShapeFitter::CurveOf(std::vector<Weighted> values, bool whole) {
  std::sort(values.begin(), values.end(),
            [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  double all = 0;
  for (const Weighted& value : values) all += value.weight;
  std::vector<CdfPoint> curve;
  double sum = 0, last_at = 0;
  for (size_t i = 0; i < values.size();) {
    const double before = sum / all;
    const double value = values[i].value;
    for (; i < values.size() && values[i].value == value; ++i) sum += values[i].weight;
    const double at = sum / all;
    const bool many = at - before > 1.0 / kPoints;
    if (i + kLastPoints < values.size() && at - last_at < 1.0 / kPoints && !curve.empty()) continue;
    if (whole) {
      curve.push_back({value, at});
    } else if (many) {
      // A step up, where many share the value.
      curve.push_back({value * (1 - 1e-6), before});
      curve.push_back({value, at});
    } else {
      curve.push_back({value, (before + at) / 2});
    }
    last_at = at;
  }
  return curve;
}

Result<FittedShape> ShapeFitter::Fit() const {
  if (apps_ <= 0) {
    return Fail(ErrorKind::kBadInput, "--fit: no application with an invocation");
  }
  FittedShape fitted;
  WorkloadShape& shape = fitted.shape;
  shape = PublishedShape();
  shape.planted_share = shape.follower_share = 0;
  shape.days = std::max(days_, 1u);
  shape.invocations_a_day = CurveOf(a_day_, false);
  shape.functions_per_app = CurveOf(sizes_, true);
  shape.functions_by_invocations = CurveOf(sizes_by_invocations_, true);
  shape.trigger_sets.clear();
  for (size_t set = 1; set < sets_.size(); ++set) {
    if (sets_[set] > 0) {
      shape.trigger_sets.push_back({static_cast<uint8_t>(set), sets_[set] / apps_});
    }
  }
  shape.function_shares = functions_;
  shape.invocation_shares = invocations_;
  MakeShares(shape.function_shares);
  MakeShares(shape.invocation_shares);
  for (size_t t = 0; t < kTriggerKinds; ++t) {
    const double more = having_[t] > 0 ? functions_[t] / having_[t] - 1 : 0;
    shape.beyond[t] = std::max(more, 0.02);
  }
  if (variation_.size() >= 10) {
    shape.variation = CurveOf(variation_, false);
  } else {
    fitted.published.push_back("variation of gaps");
  }
  std::map<double, double> periods;
  for (const Weighted& period : periods_) {
    if (period.value <= kMinutesOfDay) periods[period.value] += period.weight;
  }
  if (!periods.empty()) {
    shape.timers.clear();
    for (const auto& [minutes, weight] : periods) shape.timers.push_back({minutes, weight});
  } else {
    fitted.published.push_back("periods of timers");
  }
  shape.hours = hours_;
  if (!Normalise(shape.hours)) fitted.published.push_back("hours");
  // A week is needed, whole, or days that are there more often would look busier.
  if (days_ >= 7 && days_ % 7 == 0) {
    shape.weekdays = weekdays_;
    Normalise(shape.weekdays);
  } else {
    shape.weekdays.fill(1);
  }
  shape.apps_per_owner = owners_ > 0 ? std::max(1.0, apps_ / static_cast<double>(owners_)) : 1;
  if (durations_ >= 2) {
    shape.duration_log_mean = log_sum_ / durations_;
    shape.duration_log_sigma = std::sqrt(std::max(
        0.0, log_square_ / durations_ - shape.duration_log_mean * shape.duration_log_mean));
  } else {
    fitted.published.push_back("durations");
  }
  const auto memory =
      statistics::FitDistribution(statistics::Family::kBurr, statistics::GroupIntegers(memory_));
  if (memory) {
    shape.memory_lambda = std::exp(memory->distribution.location);
    shape.memory_c = memory->distribution.shape;
    shape.memory_k = memory->distribution.shape2;
  } else {
    fitted.published.push_back("memory");
  }
  return fitted;
}

}  // namespace plumbago::generate::functions
