#include "analysis/call_sample.h"

#include <algorithm>
#include <limits>

#include "base/strong_id.h"
#include "statistics/random.h"

namespace plumbago::analysis {

uint64_t CallSample::Hash(uint64_t trace_hash, uint32_t place) {
  return statistics::MixSeed(trace_hash, place);
}

void CallSample::Add(const SampledCall& call) {
  calls_.push_back(call);
  Shrink();
}

void CallSample::Merge(const CallSample& other) {
  if (other.level_ > level_) {
    level_ = other.level_;
    std::erase_if(calls_, [this](const SampledCall& call) { return !Wanted(call.hash); });
  }
  for (const SampledCall& call : other.calls_) {
    if (Wanted(call.hash)) Add(call);
  }
}

void CallSample::Shrink() {
  while (calls_.size() > kMost && level_ < 63) {
    ++level_;
    std::erase_if(calls_, [this](const SampledCall& call) { return !Wanted(call.hash); });
  }
}

std::vector<SampledCall> CallSample::Sorted() const {
  std::vector<SampledCall> sorted = calls_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

void CallSample::Save(std::string& out) const {
  statistics::AppendVarint(out, level_);
  statistics::AppendVarint(out, calls_.size());
  uint64_t last = 0;
  for (const SampledCall& call : Sorted()) {
    statistics::AppendVarint(out, call.hash - last);
    last = call.hash;
    statistics::AppendVarint(out, call.trace);
    for (const uint32_t id : {Index(call.caller), Index(call.callee), Index(call.operation),
                              Index(call.caller_instance), Index(call.callee_instance)}) {
      statistics::AppendVarint(out, id);
    }
    statistics::AppendSigned(out, call.hour);
    statistics::AppendVarint(out, static_cast<uint64_t>(call.latency_ns));
  }
}

bool CallSample::Load(statistics::StateReader& in, const statistics::IdMaps& maps) {
  using statistics::KeyPart;
  calls_.clear();
  const uint64_t level = in.Varint(), count = in.Varint();
  if (!in.ok() || level > 63 || count > kMost) return false;
  level_ = static_cast<uint32_t>(level);
  uint64_t last = 0;
  const auto id = [&](KeyPart part, auto& into) {
    const uint64_t value = in.Varint();
    auto number = static_cast<uint32_t>(value);
    if (!in.ok() || value > UINT32_MAX || !maps.Map(part, number)) return false;
    into = Id<std::remove_reference_t<decltype(into)>>(number);
    return true;
  };
  for (uint64_t i = 0; i < count; ++i) {
    SampledCall call;
    const uint64_t step = in.Varint();
    if (step > UINT64_MAX - last) return false;
    last += step;
    call.hash = last;
    call.trace = in.Varint();
    if (!id(KeyPart::kService, call.caller) || !id(KeyPart::kService, call.callee) ||
        !id(KeyPart::kOperation, call.operation) || !id(KeyPart::kInstance, call.caller_instance) ||
        !id(KeyPart::kInstance, call.callee_instance)) {
      return false;
    }
    const int64_t hour = in.Signed();
    const uint64_t latency = in.Varint();
    if (!in.ok() || hour != static_cast<int32_t>(hour) ||
        latency > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) ||
        !Wanted(call.hash)) {
      return false;
    }
    call.hour = static_cast<int32_t>(hour);
    call.latency_ns = static_cast<int64_t>(latency);
    if (!calls_.empty() && call < calls_.back()) return false;
    calls_.push_back(call);
  }
  return in.ok();
}

}  // namespace plumbago::analysis
