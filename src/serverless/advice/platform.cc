#include "serverless/advice/platform.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumbago::serverless {
namespace {

constexpr Platform kPlatforms[] = {
    {PlatformKind::kKnative, "knative", "Knative Serving", kKnativeWindow, kKnativeWindow,
     kKnativeWindow + 2 * kKnativeMost, kKnativeWindow, false,
     "scale-to-zero-pod-retention-period and scale-down-delay end at 1 h each",
     "60 s stable window + scale-down-delay + scale-to-zero-pod-retention-period; up to 30 s more "
     "(network programming) are not counted"},
    {PlatformKind::kKeda, "keda", "KEDA", 300, kKedaPollingInterval, kKedaMost, 300, true, "",
     "cooldownPeriod after the last poll that saw a trigger active, which holds from 1 to 0 only; "
     "up to one polling interval (30 s) more is not counted; a trigger that empties between two "
     "polls is not seen at all"},
};

}  // namespace

const Platform& PlatformOf(PlatformKind kind) { return kPlatforms[static_cast<size_t>(kind)]; }

Result<std::vector<PlatformKind>> PlatformsOf(std::span<const std::string> names) {
  std::vector<PlatformKind> kinds;
  for (const std::string& name : names) {
    const auto* known = std::find_if(std::begin(kPlatforms), std::end(kPlatforms),
                                     [&](const Platform& platform) { return name == platform.id; });
    if (known == std::end(kPlatforms)) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("no advice for the platform '{}'; known are: knative, keda", name));
    }
    if (std::find(kinds.begin(), kinds.end(), known->kind) == kinds.end())
      kinds.push_back(known->kind);
  }
  return kinds;
}

KnativeKeep KnativeKeepOf(uint32_t keep, uint32_t others) {
  const auto beyond_window = [](uint32_t seconds) {
    return seconds > kKnativeWindow ? seconds - kKnativeWindow : 0;
  };
  KnativeKeep told;
  told.delay = std::min({beyond_window(others), beyond_window(keep), kKnativeMost});
  told.retention = std::min(beyond_window(keep) - told.delay, kKnativeMost);
  return told;
}

uint32_t KnativeOthersOf(uint32_t keep) {
  constexpr uint32_t kWithout = kKnativeWindow + kKnativeMost;
  return kKnativeWindow + std::min(keep > kWithout ? keep - kWithout : 0, kKnativeMost);
}

uint32_t KedaCooldownOf(uint32_t keep) {
  const uint32_t rounds = (keep + kKedaPollingInterval - 1) / kKedaPollingInterval;
  return std::min(rounds, kKedaMost / kKedaPollingInterval) * kKedaPollingInterval;
}

}  // namespace plumbago::serverless
