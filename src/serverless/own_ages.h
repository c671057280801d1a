// An application's own hits and minutes by idle age: minute by minute up to six hours, then in
// classes 4 % wide; but high ages that are like those of the last gaps have places of their own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "serverless/hazard_prior.h"

namespace plumbago::serverless {

class OwnAges {
 public:
  static constexpr double kPrior = 10;     // minutes of its own that weigh as much as the prior
  static constexpr uint32_t kExact = 360;  // ages, minutes, that are counted one by one
  static constexpr uint32_t kWide = 96;    // classes of the ages beyond
  static constexpr uint32_t kPlaces = kExact + kWide + HazardPrior::kLikeness;

  // Whether the hazard at this age is above `least`, shrunk towards `prior`.
  bool Above(uint32_t age, uint32_t kind, double prior, double least) const {
    const Count& own = counts_[PlaceOf(age, kind)];
    return own.hits + kPrior * prior > least * (own.minutes + kPrior);
  }
  void AddMinute(uint32_t age, uint32_t kind) { Add(counts_[PlaceOf(age, kind)].minutes); }
  void AddHit(uint32_t age, uint32_t kind) { Add(counts_[PlaceOf(age, kind)].hits); }

  // `kind`: as HazardPrior has it.
  static uint32_t PlaceOf(uint32_t age, uint32_t kind) {
    if (age < kExact) return age;
    if (HazardPrior::LikeGap(kind)) return kExact + kWide + HazardPrior::LikenessOf(kind);
    static const std::vector<uint32_t> ends = [] {  // of the classes
      std::vector<uint32_t> all;
      for (uint32_t end = kExact; all.size() + 1 < kWide;)
        all.push_back(end += std::max(1u, end / 24));
      return all;
    }();
    return kExact +
           static_cast<uint32_t>(std::upper_bound(ends.begin(), ends.end(), age) - ends.begin());
  }

 private:
  struct Count {
    uint32_t hits = 0, minutes = 0;
  };
  static void Add(uint32_t& count) { count = std::min(count + 1, UINT32_MAX / 2); }
  std::vector<Count> counts_ = std::vector<Count>(kPlaces);
};

}  // namespace plumbago::serverless
