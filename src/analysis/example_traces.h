// A few traces that show what a finding says: those with the smallest hashes, so that the same
// data gives the same ones in any order.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/trace_id.h"
#include "statistics/state_bytes.h"

namespace plumbago::analysis {

template <size_t kMost>
class ExampleTraces {
 public:
  // Cheap for all but few: one comparison. `hash`: the trace's, for callers that have it.
  void Offer(const model::TraceId& trace) { Offer(trace, trace.Hash()); }
  void Offer(const model::TraceId& trace, uint64_t hash) {
    if (hash > most_) return;
    Insert(trace, hash);
  }
  void Merge(const ExampleTraces& other) {
    for (size_t i = 0; i < other.count_; ++i) Offer(other.traces_[i]);
  }
  void Save(std::string& out) const {
    statistics::AppendVarint(out, count_);
    for (size_t i = 0; i < count_; ++i) {
      const std::string text = traces_[i].Text();
      statistics::AppendVarint(out, text.size());
      out += text;
    }
  }
  [[nodiscard]] bool Load(statistics::StateReader& in) {
    const uint64_t count = in.Varint();
    if (count > kMost) return false;
    for (uint64_t i = 0; i < count; ++i) {
      const model::TraceId trace = model::TraceId::Parse(in.Bytes(in.Varint()));
      Offer(trace);
      // In the order in which they are saved.
      if (!in.ok() || count_ != i + 1 || traces_[i] != trace) return false;
    }
    return in.ok();
  }
  bool empty() const { return count_ == 0; }
  // As they were written, by hash.
  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    texts.reserve(count_);
    for (size_t i = 0; i < count_; ++i) texts.push_back(traces_[i].Text());
    return texts;
  }

 private:
  void Insert(const model::TraceId& trace, uint64_t hash) {
    size_t at = count_;
    while (at > 0 && Before(trace, hash, traces_[at - 1])) --at;
    if (at > 0 && traces_[at - 1] == trace) return;
    if (at == kMost) return;
    if (count_ < kMost) ++count_;
    for (size_t i = count_ - 1; i > at; --i) traces_[i] = traces_[i - 1];
    traces_[at] = trace;
    if (count_ == kMost) most_ = traces_[kMost - 1].Hash();
  }
  // A trace stands behind its equal.
  static bool Before(const model::TraceId& trace, uint64_t hash, const model::TraceId& other) {
    const uint64_t others = other.Hash();
    return hash != others ? hash < others : trace < other;
  }

  uint64_t most_ = UINT64_MAX;  // the hash of the last one, once there are kMost
  uint8_t count_ = 0;
  std::array<model::TraceId, kMost> traces_{};
};

}  // namespace plumbago::analysis
