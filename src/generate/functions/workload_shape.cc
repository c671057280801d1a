#include "generate/functions/workload_shape.h"

#include <algorithm>
#include <cmath>

namespace plumbago::generate::functions {
namespace {

template <class T>
std::vector<T> Copy(std::span<const T> values) {
  return {values.begin(), values.end()};
}

}  // namespace

WorkloadShape PublishedShape() {
  WorkloadShape shape;
  shape.invocations_a_day = Copy(InvocationsADay());
  shape.functions_per_app = Copy(FunctionsPerApp());
  shape.functions_by_invocations = Copy(FunctionsByInvocations());
  shape.trigger_sets = Copy(TriggerSets());
  std::copy_n(TriggerFunctionShares().begin(), kTriggerKinds, shape.function_shares.begin());
  std::copy_n(TriggerInvocationShares().begin(), kTriggerKinds, shape.invocation_shares.begin());
  // Not published. Chosen so that Figure 2's shares of functions come out, given Figure 3's sets.
  shape.beyond = {0.9, 1.16, 0.02, 35, 9, 0.02, 1.3};
  // Not published. Chosen so that Figure 6 (only timers) and the jumps of Figure 5a come out.
  shape.timers = {{1, 0.10},   {2, 0.02},   {3, 0.01},   {4, 0.01},   {5, 0.19},
                  {6, 0.01},   {10, 0.07},  {12, 0.01},  {15, 0.08},  {20, 0.02},
                  {30, 0.09},  {60, 0.13},  {90, 0.005}, {120, 0.02}, {180, 0.01},
                  {240, 0.01}, {360, 0.02}, {480, 0.01}, {720, 0.03}, {1440, 0.18}};
  shape.variation = Copy(VariationWithoutTimers());
  std::copy_n(HourProfile().begin(), 24, shape.hours.begin());
  std::copy_n(WeekdayProfile().begin(), 7, shape.weekdays.begin());
  shape.apps_per_owner = static_cast<double>(kReleaseApps) / kReleaseOwners;
  shape.planted_share = 0.005;
  shape.follower_share = 0.03;
  shape.duration_log_mean = kDurationLogMean;
  shape.duration_log_sigma = kDurationLogSigma;
  shape.memory_c = kMemoryC;
  shape.memory_k = kMemoryK;
  shape.memory_lambda = kMemoryLambda;
  return shape;
}

double QuantileOf(const std::vector<CdfPoint>& points, double u) {
  const auto next = std::upper_bound(points.begin(), points.end(), u,
                                     [](double at, const CdfPoint& p) { return at < p.at; });
  if (next == points.begin()) return points.front().x;
  if (next == points.end()) return points.back().x;
  const CdfPoint &low = *(next - 1), &high = *next;
  const double along = (u - low.at) / (high.at - low.at);
  if (low.x <= 0) return low.x + along * (high.x - low.x);
  return std::exp(std::log(low.x) + along * (std::log(high.x) - std::log(low.x)));
}

uint32_t WholeQuantileOf(const std::vector<CdfPoint>& points, double u) {
  if (u <= points.front().at) return static_cast<uint32_t>(points.front().x);
  return static_cast<uint32_t>(std::ceil(QuantileOf(points, u) - 1e-9));
}

}  // namespace plumbago::generate::functions
