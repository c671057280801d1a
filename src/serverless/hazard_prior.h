// How likely an idle application is invoked in its next minute, learnt over all applications: by
// how long it has been idle, how many gaps it has had, whether that age is one that it had before,
// and whether the clock stands at a round time. Integer counts: the same whatever the order.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

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
  static constexpr uint32_t kAges = 40, kSeen = 7, kLikeness = 8, kClock = 4;
  static constexpr uint32_t kKinds = kAges * kSeen * kLikeness * kClock;

  static uint32_t AgeOf(uint32_t minutes) {
    return kClasses[std::min<size_t>(minutes, kClasses.size() - 1)];
  }
  static uint32_t KindOf(const IdleFacts& facts) {
    uint32_t likeness = 0, clock = 0;
    if (facts.age == 0) {
      likeness = static_cast<uint32_t>(std::min<uint64_t>(facts.in_minute, 3));
      clock = (facts.was_burst ? 1 : 0) + (facts.minute_before_burst ? 1 : 0);
    } else {
      likeness = LikenessOf(facts);
      clock = ClockOf(facts.minute);
    }
    return ((AgeOf(facts.age) * kSeen + SeenOf(facts.seen)) * kLikeness + likeness) * kClock +
           clock;
  }

  static uint32_t LikenessOf(uint32_t kind) { return kind / kClock % kLikeness; }
  // Of ages above 0: it is one of the last three gaps, beside the last, or where the last two lead.
  static bool LikeGap(uint32_t kind) {
    const uint32_t likeness = LikenessOf(kind);
    return likeness != 0 && likeness != 6;
  }
  // The next gap if the last two are the beginning of a drift; nobody: ~0u.
  static uint32_t DriftedGap(const IdleFacts& facts) {
    const auto [last, second, third] = facts.gaps;
    if (second == ~0u || last == second || 2 * uint64_t{last} < second) return ~0u;
    return 2 * last - second;
  }

  // Minutes are passed in slices: what holds in one was learnt in those before. A minute at first,
  // a sixteenth of what has passed later, six hours at most.
  static uint32_t SliceEnd(uint32_t begin) { return begin + std::clamp(begin / 16, 1u, 360u); }

  struct Count {
    uint64_t hits = 0, minutes = 0;
  };
  using Counts = std::array<Count, kKinds>;

  // Hazards after what was counted so far; few of a kind lean on all of that age.
  void Learn(const Counts& counts);
  double hazard(uint32_t kind) const { return hazards_[kind]; }
  // The most of those that differ from `kind` by the clock only.
  double most(uint32_t kind) const { return most_[kind / kClock]; }

 private:
  static uint32_t SeenOf(uint64_t gaps) {
    if (gaps < 3) return static_cast<uint32_t>(gaps);
    return gaps < 5 ? 3 : gaps < 10 ? 4 : gaps < 30 ? 5 : 6;
  }
  // What the age has to do with the last three gaps.
  static uint32_t LikenessOf(const IdleFacts& facts) {
    const auto [last, second, third] = facts.gaps;
    const uint32_t age = facts.age;
    if (age == last) return age == second ? 1 : 2;
    if (age == second) return 3;
    if (last != ~0u && (age + 1 == last || age == last + 1)) return 4;
    if (age == third) return 5;
    if (NearDrift(facts)) return 7;
    return last != ~0u && age > last && (second == ~0u || age > second) ? 6 : 0;
  }
  static bool NearDrift(const IdleFacts& facts) {
    const uint32_t next = DriftedGap(facts);
    return next != ~0u && facts.age + 1 >= next && facts.age <= next + 1;
  }
  static uint32_t ClockOf(uint32_t minute) {
    return minute % 60 == 0 ? 3 : minute % 15 == 0 ? 2 : minute % 5 == 0 ? 1 : 0;
  }

  // The class of each age: exact up to 16 minutes, and where timers have their periods.
  static constexpr std::array kFirstAges = {17,  20,   21,   30,   31,     45,    60,  61,
                                            90,  120,  121,  180,  240,    241,   360, 720,
                                            721, 1440, 1441, 2880, 10'080, 10'081};
  static const std::array<uint8_t, 10'082> kClasses;

  Counts all_{};
  std::array<double, kKinds> hazards_{};
  std::array<double, kKinds / kClock> most_{};
};

}  // namespace plumbago::serverless
