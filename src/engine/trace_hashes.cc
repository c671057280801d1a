#include "engine/trace_hashes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace plumbago::engine {

void ClosedTraces::Merge(ClosedTraces&& from) {
  Freeze();
  from.Freeze();
  runs_.Take(std::move(from.runs_));
}

void ClosedTraces::Freeze() {
  if (hashes_.empty()) return;
  std::sort(hashes_.begin(), hashes_.end());
  std::vector<ClosedRecord> records;
  records.reserve(hashes_.size());
  for (const uint64_t hash : hashes_) {
    if (!records.empty() && records.back().hash == hash) {
      // Two traces with one hash, or a trace that was closed twice: no difference is known.
      ++records.back().times;
    } else {
      records.push_back({hash, 1});
    }
  }
  std::vector<uint64_t>().swap(hashes_);
  const size_t bytes = records.capacity() * sizeof(ClosedRecord);
  runs_.Add(std::make_shared<statistics::MemoryRun<ClosedRecord>>(std::move(records), bytes));
}

Result<void> ClosedTraces::Spill(const std::shared_ptr<SpillFile>& file) {
  Freeze();
  return runs_.Spill(file);
}

void OpenTraces::Merge(OpenTraces&& from) {
  traces_.insert(traces_.end(), std::make_move_iterator(from.traces_.begin()),
                 std::make_move_iterator(from.traces_.end()));
  from.traces_.clear();
}

void OpenTraces::Freeze() {
  std::sort(traces_.begin(), traces_.end(), [](const Open& a, const Open& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.trace < b.trace;
  });
}

OpenTraces::TooEarly OpenTraces::ClosedTooEarly(const ClosedTraces& closed) const {
  TooEarly too_early;
  bool named = false;
  auto open = traces_.begin();
  closed.runs().ForEach([&](const ClosedRecord& record) {
    while (open != traces_.end() && open->hash < record.hash) ++open;
    const bool is_open = open != traces_.end() && open->hash == record.hash;
    if (!is_open && record.times < 2) return;
    ++too_early.traces;
    if (is_open && !named) {
      too_early.example =
          fmt::format("trace {}, closed in one state and open in another", open->trace.Text());
      named = true;
    } else if (too_early.example.empty()) {
      too_early.example = fmt::format("the trace with the hash {:016x}, closed in {} states",
                                      record.hash, record.times);
    }
  });
  return too_early;
}

}  // namespace plumbago::engine
