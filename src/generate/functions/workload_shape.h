// What a generated workload of functions is like: distributions over applications, and what their
// days look like. The published one, or one that was fitted to a user's log.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "generate/functions/reference_atc20.h"

namespace plumbago::generate::functions {

inline constexpr uint8_t kTriggerKinds = 7;  // model::Trigger - 1

// How often timers fire, and how many of them do. Below 1: several times a minute.
struct TimerPeriod {
  double minutes = 0;
  double weight = 0;
};

struct WorkloadShape {
  std::vector<CdfPoint> invocations_a_day;
  uint32_t days = kReleaseDays;  // over which those totals were counted
  std::vector<CdfPoint> functions_per_app;
  std::vector<CdfPoint> functions_by_invocations;  // of the applications with most invocations
  std::vector<TriggerSet> trigger_sets;
  std::array<double, kTriggerKinds> function_shares{};    // by trigger
  std::array<double, kTriggerKinds> invocation_shares{};  // by trigger
  // How willingly further functions of an application take a trigger that it has.
  std::array<double, kTriggerKinds> beyond{};
  std::vector<TimerPeriod> timers;
  std::vector<CdfPoint> variation;   // of gaps, without timers
  std::array<double, 24> hours{};    // mean 1
  std::array<double, 7> weekdays{};  // Monday first; mean 1
  double apps_per_owner = 1;
  double planted_share = 0;   // of applications, of each kind of planted period
  double follower_share = 0;  // of applications: repeat another one of their owner, where they can
  double duration_log_mean = 0, duration_log_sigma = 1;  // of a function's average, seconds
  double memory_c = 1, memory_k = 1, memory_lambda = 1;  // Burr XII of an average, MB
};

WorkloadShape PublishedShape();

// x with P(X <= x) = u, between points along log x; at jumps and ends the nearest point.
double QuantileOf(const std::vector<CdfPoint>& points, double u);
// The same for whole numbers: the smallest one with P(X <= x) >= u, along log x between points.
uint32_t WholeQuantileOf(const std::vector<CdfPoint>& points, double u);

}  // namespace plumbago::generate::functions
