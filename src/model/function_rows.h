// Rows of function workloads: how often a function was invoked in each minute of a day, what its
// executions took, what its application allocates, single executions and cold starts. What the
// tables and logs of serverless platforms consist of. They come in the batches of readers beside
// calls, so archives, blocks, threads and damage are those of every format.
//
// Names: the application is a service, the function an operation, the owner an instance.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
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

inline constexpr int32_t kNoDay = std::numeric_limits<int32_t>::min();

// Invocations of one function in a stretch of minutes. Minutes count from the beginning of day 0.
struct FunctionMinutes {
  InstanceId owner = kNoInstance;
  ServiceId app = kNoService;
  OperationId function = kNoOperation;
  Trigger trigger = Trigger::kUnknown;
  uint32_t weight = 1;              // of how many functions like it it stands (samples)
  uint32_t first = 0, end = 0;      // the minutes that the row tells of
  uint32_t offset = 0, counts = 0;  // of FunctionRows::counts
  int32_t day0 = kNoDay;            // which day day 0 is: days since 1970 (UTC), if it is known
  Origin origin;
};

// What a platform says of a function's executions on one day, cold starts not in it.
struct FunctionDurations {
  // Of averages over 30 s, weighted by their count: no percentiles of single executions.
  static constexpr std::array<uint8_t, 7> kPercents = {0, 1, 25, 50, 75, 99, 100};
  InstanceId owner = kNoInstance;
  ServiceId app = kNoService;
  OperationId function = kNoOperation;
  uint32_t day = 0;
  uint64_t count = 0;  // executions; of another log than the counts by minute
  double average_ms = 0, minimum_ms = 0, maximum_ms = 0;
  std::array<double, 7> percentiles_ms{};
  Origin origin;
};

// What a platform says an application had allocated on one day (committed, not resident).
struct AppMemory {
  static constexpr std::array<uint8_t, 8> kPercents = {1, 5, 25, 50, 75, 95, 99, 100};
  InstanceId owner = kNoInstance;
  ServiceId app = kNoService;
  OperationId function = kNoOperation;  // this function's share of it; none: the whole
  uint32_t day = 0;
  uint64_t samples = 0;
  double average_mb = 0;
  std::array<double, 8> percentiles_mb{};
  Origin origin;
};

// One execution, as logs have it.
struct Execution {
  static constexpr int64_t kUnknown = -1;
  InstanceId owner = kNoInstance;
  ServiceId app = kNoService;
  OperationId function = kNoOperation;
  Trigger trigger = Trigger::kUnknown;
  bool dated = false;     // `start_us` counts from 1970, else from where the data begin
  bool was_cold = false;  // the log says that it met no instance
  int64_t start_us = 0;   // may be below 0: began before the data
  int64_t duration_us = kUnknown;
  int64_t cold_us = kUnknown;  // that it waited for its instance
  float memory_mb = 0;         // 0: not said
  Origin origin;
};

// One start of an instance, as platforms log it. Parts are kUnknown where they are not said.
struct ColdStart {
  static constexpr int64_t kUnknown = -1;
  enum Part : uint8_t { kPod, kCode, kDependencies, kScheduling, kParts };
  InstanceId owner = kNoInstance;
  ServiceId app = kNoService;
  OperationId function = kNoOperation;
  int64_t at_us = 0;  // since the beginning of day 0
  int64_t total_us = kUnknown;
  std::array<int64_t, kParts> parts_us{kUnknown, kUnknown, kUnknown, kUnknown};
  float memory_mb = 0, cpu_millis = 0;  // of the instance; 0: not said
  Origin origin;
};

struct FunctionRows {
  struct MinuteCount {
    uint32_t minute;
    uint32_t count;  // above 0
  };
  std::vector<FunctionMinutes> minutes;
  std::vector<MinuteCount> counts;
  std::vector<FunctionDurations> durations;
  std::vector<AppMemory> memory;
  std::vector<Execution> executions;
  std::vector<ColdStart> cold_starts;

  bool empty() const {
    return minutes.empty() && durations.empty() && memory.empty() && executions.empty() &&
           cold_starts.empty();
  }
  void Clear() {
    minutes.clear();
    counts.clear();
    durations.clear();
    memory.clear();
    executions.clear();
    cold_starts.clear();
  }
};

}  // namespace plumbago::model
