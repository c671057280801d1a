// One application on one platform: the setting that is chosen, and its cost.
#pragma once

#include <span>

#include "serverless/advice/advice.h"
#include "serverless/advice/app_replay.h"

namespace plumbago::serverless {

// What is known before any setting is tried.
struct AppFacts {
  std::span<const Schedule> schedules;  // LikelySchedules of the training part
  uint32_t best_keep = 0;               // BestKeep of it
  bool weekday_known = false;
  uint64_t invocations_training = 0;
};

ServiceAdvice AdviseApp(AppReplay& replay, const AppFacts& facts, const DataParts& parts,
                        const Platform& platform, const AdviceOptions& options);

}  // namespace plumbago::serverless
