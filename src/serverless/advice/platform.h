// What platforms can be told about keeping instances, and how long they then keep one. Facts with
// their sources, no choices.
//
// Lifetime: from the end of the last request of a service until its last instance goes.
//
//   Knative Serving   stable window (autoscaling.knative.dev/window: 60 s unless told, 6 s to 1 h;
//                     the average over it must come to zero)
//                     + scale-down-delay (0 to 1 h; the maximum over it is what counts)
//                     + scale-to-zero-pod-retention-period (0 to 1 h; the last pod only).
//                     Beside the last one, pods go after window + delay. scale-to-zero-grace-period
//                     (30 s) is an upper bound on programming the network, no lifetime.
//                     [knative/serving: pkg/apis/autoscaling/annotation_validation.go and
//                     register.go (ranges), pkg/autoscaler/scaling/autoscaler.go (delay),
//                     pkg/reconciler/autoscaling/kpa/scaler.go (retention, grace), issues 7596,
//                     6780, 13725]
//   KEDA              cooldownPeriod (300 s unless told; an int32 of seconds), since a poll last
//   saw
//                     a trigger active, looked at every pollingInterval (30 s); only the step from
//                     1 to 0. From N to 1 the HPA decides (stabilization 300 s).
//                     [kedacore/keda: pkg/scaling/executor/scale_scaledobjects.go,
//                     apis/keda/v1alpha1/scaledobject_types.go; issues 5008, 7770]
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace plumbago::serverless {

enum class PlatformKind : uint8_t { kKnative, kKeda };

struct Platform {
  PlatformKind kind;
  const char* id;         // "knative"
  const char* title;      // "Knative Serving"
  uint32_t default_keep;  // the lifetime where nothing is told, seconds
  uint32_t shortest_keep, longest_keep;
  uint32_t others_keep;  // of instances beside the last one, where nothing is told
  bool has_schedules;    // can hold an instance by the clock
  const char* limit;     // what binds at `longest_keep`; "" where nothing does
  const char* lifetime;  // how a lifetime comes about, for people
};

const Platform& PlatformOf(PlatformKind kind);
// Errors (kUsage): a platform that is not known; says which are.
Result<std::vector<PlatformKind>> PlatformsOf(std::span<const std::string> names);

inline constexpr uint32_t kKnativeWindow = 60;        // seconds: the default, which is left alone
inline constexpr uint32_t kKnativeMost = 3600;        // of retention, and of delay
inline constexpr uint32_t kKedaPollingInterval = 30;  // seconds: the default, which is left alone
inline constexpr uint32_t kKedaMost = 0x7FFF'FFFF;    // cooldownPeriod is an int32

// The annotations that give a lifetime, seconds.
struct KnativeKeep {
  uint32_t retention = 0;
  uint32_t delay = 0;
};
// Of the last pod, and of those beside it, which the delay holds; cut to what Knative can do.
KnativeKeep KnativeKeepOf(uint32_t keep, uint32_t others);
// The least lifetime of the others with which the last one can stay `keep`: retention, which holds
// no second pod, does what it can.
uint32_t KnativeOthersOf(uint32_t keep);
// The cooldown that keeps at least so long: whole polling intervals, since with them the lifetime
// is cooldown to cooldown + one interval.
uint32_t KedaCooldownOf(uint32_t keep);

}  // namespace plumbago::serverless
