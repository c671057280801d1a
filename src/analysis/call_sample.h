// A sample of calls between known instances, of bounded size and the same whatever the order: a
// call is kept if the hash of its trace and place lies below a border, and the border is halved
// whenever there are more than kMost. So the final border is the largest 2^-k with which all calls
// seen fit, in any order of adding and merging, and each call is as likely to be kept as any other.
//
// 48 bytes a call: 1.5 MB at most. Add: one hash and one comparison once it is full.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/names.h"
#include "statistics/id_maps.h"
#include "statistics/state_bytes.h"

namespace plumbago::analysis {

struct SampledCall {
  uint64_t hash = 0;   // of the trace and the place of the call in it
  uint64_t trace = 0;  // TraceId::Hash()
  model::ServiceId caller = model::kNoService;
  model::ServiceId callee = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  model::InstanceId caller_instance = model::kNoInstance;
  model::InstanceId callee_instance = model::kNoInstance;
  int32_t hour = 0;  // since 1970, or since the start of the data's clock
  int64_t latency_ns = 0;

  friend bool operator==(const SampledCall&, const SampledCall&) = default;
  friend auto operator<=>(const SampledCall&, const SampledCall&) = default;
};

class CallSample {
 public:
  static constexpr size_t kMost = 32'768;

  static uint64_t Hash(uint64_t trace_hash, uint32_t place);
  bool Wanted(uint64_t hash) const { return hash <= UINT64_MAX >> level_; }
  // A wanted one.
  void Add(const SampledCall& call);
  void Merge(const CallSample& other);

  // By hash. The call is one of 2^level.
  std::vector<SampledCall> Sorted() const;
  uint32_t level() const { return level_; }
  size_t size() const { return calls_.size(); }

  // Level, number of calls, and of each all members in order; the hash less the one before.
  void Save(std::string& out) const;
  [[nodiscard]] bool Load(statistics::StateReader& in, const statistics::IdMaps& maps);

 private:
  void Shrink();

  std::vector<SampledCall> calls_;
  uint32_t level_ = 0;
};

}  // namespace plumbago::analysis
