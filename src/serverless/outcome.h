// What a policy did to one application (statistics.md T12).
#pragma once

#include <cstdint>

namespace plumbago::serverless {

struct Outcome {
  uint64_t invocations = 0;
  uint64_t cold = 0;        // invocations that no loaded instance waited for; the first is one
  double idle_seconds = 0;  // loaded and not at work, until the data ends
  uint64_t starts = 0;      // of containers: cold starts and pre-warms
  // Where executions take time: what cold ones waited, and how many ran at once.
  double wait_seconds = 0;
  uint64_t most_at_once = 0;
  uint64_t dropped = 0;  // of `invocations`: fitted nowhere; neither cold nor warm

  double cold_share() const {
    return invocations == 0 ? 0 : static_cast<double>(cold) / static_cast<double>(invocations);
  }
  bool always_cold() const { return cold == invocations; }
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace plumbago::serverless
