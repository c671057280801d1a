#include "serverless/hazard_prior.h"

#include <algorithm>
#include <iterator>

namespace plumbago::serverless {
namespace {

// The first ages of each class from 16 minutes on: exact where timers have their periods.
constexpr uint32_t kFirstAges[] = {17,  20,  21,  30,  31,  45,  60,   61,   90,   120,   121,
                                   180, 240, 241, 360, 720, 721, 1440, 1441, 2880, 10080, 10081};
constexpr double kLeans = 20;  // minutes of a kind that weigh as much as all of its age

uint32_t SeenOf(uint64_t gaps) {
  if (gaps < 3) return static_cast<uint32_t>(gaps);
  return gaps < 5 ? 3 : gaps < 10 ? 4 : gaps < 30 ? 5 : 6;
}

// What the age has to do with the last three gaps.
uint32_t LikenessOf(const IdleFacts& facts) {
  const auto [last, second, third] = facts.gaps;
  const uint32_t age = facts.age;
  if (age == last) return age == second ? 1 : 2;
  if (age == second) return 3;
  if (last != ~0u && (age + 1 == last || age == last + 1)) return 4;
  if (age == third) return 5;
  return last != ~0u && age > last && (second == ~0u || age > second) ? 6 : 0;
}

uint32_t ClockOf(uint32_t minute) {
  return minute % 60 == 0 ? 3 : minute % 15 == 0 ? 2 : minute % 5 == 0 ? 1 : 0;
}

}  // namespace

uint32_t HazardPrior::AgeOf(uint32_t minutes) {
  if (minutes <= 16) return minutes;
  return 17 +
         static_cast<uint32_t>(
             std::upper_bound(std::begin(kFirstAges), std::end(kFirstAges), minutes) -
             std::begin(kFirstAges)) -
         1;
}

uint32_t HazardPrior::KindOf(const IdleFacts& facts) {
  uint32_t likeness = 0, clock = 0;
  if (facts.age == 0) {
    likeness = static_cast<uint32_t>(std::min<uint64_t>(facts.in_minute, 3));
    clock = (facts.was_burst ? 1 : 0) + (facts.minute_before_burst ? 1 : 0);
  } else {
    likeness = LikenessOf(facts);
    clock = ClockOf(facts.minute);
  }
  return ((AgeOf(facts.age) * kSeen + SeenOf(facts.seen)) * kLikeness + likeness) * kClock + clock;
}

void HazardPrior::Learn(const Counts& counts) {
  constexpr uint32_t kOfAge = kSeen * kLikeness * kClock;
  for (uint32_t age = 0; age < kAges; ++age) {
    double hits = 0.05, minutes = 1;
    for (uint32_t kind = age * kOfAge; kind < (age + 1) * kOfAge; ++kind) {
      all_[kind].hits += counts[kind].hits;
      all_[kind].minutes += counts[kind].minutes;
      hits += static_cast<double>(all_[kind].hits);
      minutes += static_cast<double>(all_[kind].minutes);
    }
    for (uint32_t kind = age * kOfAge; kind < (age + 1) * kOfAge; ++kind) {
      hazards_[kind] = (static_cast<double>(all_[kind].hits) + kLeans * hits / minutes) /
                       (static_cast<double>(all_[kind].minutes) + kLeans);
    }
  }
}

}  // namespace plumbago::serverless
