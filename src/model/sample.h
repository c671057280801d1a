// One measured value: how busy an instance or a host was, how often an instance was called, how
// long its calls took. What resource and rate tables consist of, beside the traces.
//
// One value a record, whatever the table's layout: a row of 2022's MSRTMCR becomes up to 18 of
// them. A cell that says "no value" becomes no sample; a call rate of 0 is a sample, a response
// time of 0 beside it is none (there was no call).
#pragma once

#include <cstdint>

#include "model/call.h"
#include "model/names.h"

namespace plumbago::model {

enum class Measure : uint8_t {
  kCpu,         // of an instance: share of its limit, or normalised to 0..1 (2022)
  kMemory,      // of an instance: likewise
  kHostCpu,     // of a host: share of all it has, or normalised
  kHostMemory,  // of a host: likewise
  kCallRate,    // calls a second of an instance, by flow; normalised to 0..1 in 2022
  kLatency,     // nanoseconds: mean response time of those calls
  // No value: what is named `instance` (an instance, or a host) lies in the cluster or zone named
  // `host` (docs/design/0014-placement.md).
  kCluster,
};
inline constexpr uint8_t kMeasures = 7;
// "cpu", "memory", "host_cpu", "host_memory", "call_rate", "latency", "cluster"
const char* MeasureName(Measure measure);

// Which calls a rate or a latency is of: in (the instance serves them) or out (it makes them).
enum class Flow : uint8_t {
  kNone,  // not of calls, or of all of them
  kRpcIn,
  kRpcOut,
  kHttpIn,
  kMessageIn,   // consumed from a queue
  kMessageOut,  // put into a queue
  kCacheRead,
  kCacheWrite,
  kDatabaseRead,
  kDatabaseWrite,
};
inline constexpr uint8_t kFlows = 10;
// "", "rpc_in", "rpc_out", "http_in", "message_in", "message_out", "cache_read", ...
const char* FlowName(Flow flow);
inline bool IsIn(Flow flow) {
  return flow == Flow::kRpcIn || flow == Flow::kHttpIn || flow == Flow::kMessageIn;
}

struct Sample {
  int64_t time_ns = kNoTime;  // as Call::start_ns; of the start of the interval or a moment in it
  double value = 0;           // finite
  ServiceId service = kNoService;     // of the instance
  InstanceId instance = kNoInstance;  // kNoInstance: the value is of the host
  InstanceId host = kNoInstance;      // that the instance runs on; kNoInstance: not told
  Origin origin;
  Measure measure = Measure::kCpu;
  Flow flow = Flow::kNone;
  bool normalised = false;  // the source scaled it by its least and largest: no absolute value
};

}  // namespace plumbago::model
