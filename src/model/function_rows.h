// Rows of function workloads: how often a function was invoked in each minute of a day. What the
// tables of serverless platforms consist of. They come in the batches of readers beside calls, so
// archives, blocks, threads and damage are those of every format.
//
// Names: the application is a service, the function an operation, the owner an instance.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/call.h"
#include "model/names.h"

namespace plumbago::model {

enum class Trigger : uint8_t {
  kUnknown,
  kHttp,
  kQueue,
  kEvent,
  kOrchestration,
  kTimer,
  kStorage,
  kOthers,
};
inline constexpr uint8_t kTriggers = 8;
// "", "http", "queue", "event", "orchestration", "timer", "storage", "others": as the Azure release
// has them.
const char* TriggerName(Trigger trigger);
// kUnknown where it is none of them.
Trigger TriggerOf(std::string_view name);

// Invocations of one function in a stretch of minutes. Minutes count from the beginning of day 0.
struct FunctionMinutes {
  InstanceId owner = kNoInstance;
  ServiceId app = kNoService;
  OperationId function = kNoOperation;
  Trigger trigger = Trigger::kUnknown;
  uint32_t weight = 1;              // of how many functions like it it stands (samples)
  uint32_t first = 0, end = 0;      // the minutes that the row tells of
  uint32_t offset = 0, counts = 0;  // of FunctionRows::counts
  Origin origin;
};

struct FunctionRows {
  struct MinuteCount {
    uint32_t minute;
    uint32_t count;  // above 0
  };
  std::vector<FunctionMinutes> minutes;
  std::vector<MinuteCount> counts;

  bool empty() const { return minutes.empty(); }
  void Clear() {
    minutes.clear();
    counts.clear();
  }
};

}  // namespace plumbago::model
