// How likely an idle application is invoked in its next minute, learnt over all applications: by
// how long it has been idle, how many gaps it has had, whether that age is one that it had before,
// and whether the clock stands at a round time. Integer counts: the same whatever the order.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>

namespace plumbago::serverless {

// What is known of an application between two invocations.
struct IdleFacts {
  uint32_t age = 0;                             // whole minutes since the last execution
  std::array<uint32_t, 3> gaps{~0u, ~0u, ~0u};  // ages at which it was invoked, the last first
  uint64_t seen = 0;                            // gaps so far
  uint32_t minute = 0;                          // on the clock, since midnight of day 0
  // Age 0 alone, where a burst may go on: how many have come in this minute, and what the
  // application did before.
  uint64_t in_minute = 0;
  bool was_burst = false;  // it once had two within a minute
  bool minute_before_burst = false;
};

class HazardPrior {
 public:
  static constexpr uint32_t kAges = 40, kSeen = 7, kLikeness = 7, kClock = 4;
  static constexpr uint32_t kKinds = kAges * kSeen * kLikeness * kClock;

  static uint32_t AgeOf(uint32_t minutes);
  static uint32_t KindOf(const IdleFacts& facts);

  struct Count {
    uint64_t hits = 0, minutes = 0;
  };
  using Counts = std::array<Count, kKinds>;

  // Hazards after what was counted so far; few of a kind lean on all of that age.
  void Learn(const Counts& counts);
  double hazard(uint32_t kind) const { return hazards_[kind]; }

 private:
  Counts all_{};
  std::array<double, kKinds> hazards_{};
};

}  // namespace plumbago::serverless
