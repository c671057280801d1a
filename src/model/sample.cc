#include "model/sample.h"

namespace plumbago::model {

const char* MeasureName(Measure measure) {
  switch (measure) {
    case Measure::kCpu:
      return "cpu";
    case Measure::kMemory:
      return "memory";
    case Measure::kHostCpu:
      return "host_cpu";
    case Measure::kHostMemory:
      return "host_memory";
    case Measure::kCallRate:
      return "call_rate";
    case Measure::kLatency:
      return "latency";
    case Measure::kCluster:
      return "cluster";
  }
  return "";
}

const char* FlowName(Flow flow) {
  switch (flow) {
    case Flow::kNone:
      return "";
    case Flow::kRpcIn:
      return "rpc_in";
    case Flow::kRpcOut:
      return "rpc_out";
    case Flow::kHttpIn:
      return "http_in";
    case Flow::kMessageIn:
      return "message_in";
    case Flow::kMessageOut:
      return "message_out";
    case Flow::kCacheRead:
      return "cache_read";
    case Flow::kCacheWrite:
      return "cache_write";
    case Flow::kDatabaseRead:
      return "database_read";
    case Flow::kDatabaseWrite:
      return "database_write";
  }
  return "";
}

}  // namespace plumbago::model
