#include "serverless/hazard_prior.h"

#include <algorithm>

namespace plumbago::serverless {
namespace {

constexpr double kLeans = 20;  // minutes of a kind that weigh as much as all of its age

}  // namespace

const std::array<uint8_t, 10'082> HazardPrior::kClasses = [] {
  std::array<uint8_t, 10'082> all{};
  for (size_t at = 0, next = 0; at < all.size(); ++at) {
    if (next < kFirstAges.size() && at == static_cast<size_t>(kFirstAges[next])) ++next;
    all[at] = static_cast<uint8_t>(at <= 16 ? at : 16 + next);
  }
  return all;
}();

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
      double& most = most_[kind / kClock];
      most = kind % kClock == 0 ? hazards_[kind] : std::max(most, hazards_[kind]);
    }
  }
}

}  // namespace plumbago::serverless
