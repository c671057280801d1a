// The plan of one application of a generated workload.
#pragma once

#include <cstdint>
#include <vector>

#include "generate/functions/workload_shape.h"

namespace plumbago::generate::functions {

inline constexpr uint32_t kMinutesOfDay = 1440;

enum class Planted : uint8_t { kNone, kFiveHours, kDaily, kWeekly, kDrifting, kFollower };
inline constexpr uint8_t kPlantedKinds = 6;
const char* PlantedName(Planted planted);

struct FunctionPlan {
  uint8_t trigger = 0;             // model::Trigger - 1
  uint64_t total = 0;              // invocations over the whole span, expected
  double period = 0;               // minutes; 0: invoked by the application's stream
  double first = 0;                // minute of the first invocation of a timer
  double jitter = 0;               // minutes by which a timer's invocations are late, at most
  double pause_at = 0, pause = 0;  // minutes from when on, and how long, a timer is off
};

struct AppPlan {
  uint32_t app = 0, rank = 0, owner = 0;
  Planted planted = Planted::kNone;
  uint64_t total = 0;
  std::vector<FunctionPlan> functions;
  // The stream of what is not timers.
  uint64_t stream_total = 0;
  double variation = 1;       // of its gaps, wished
  double start = 0, end = 0;  // minutes between which the application lives
  double hour_amplitude = 0;  // how much of the hour profile; 1: all of it
  double week_amplitude = 0;
  int hour_shift = 0;  // hours by which its day is late
  // Planted: the first invocation at minute `phase`, the gap after it `period` minutes, each gap
  // `drift` times the one before, each invocation up to `jitter` minutes late.
  double period = 0, phase = 0, drift = 1, jitter = 0;
  uint32_t leader = 0;      // of a follower: the application whose invocations it repeats
  double follow_share = 0;  // ... which share of them
  uint32_t lag = 0;         // ... how many minutes later
};

struct PlanOptions {
  uint32_t apps = 1000;
  uint32_t span_days = kReleaseDays;
  uint64_t seed = 1;
};

}  // namespace plumbago::generate::functions
