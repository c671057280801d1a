// The 64-bit hashes of traces, kept to find those that were closed too early: a trace that is
// closed in two states, or closed in one and open in another, was not seen whole by either.
//
// Hashes of closed traces are appended by a thread each and become sorted runs; merging counts how
// often each occurs. 8 bytes a trace in memory, about 7 saved. Of a thousand million traces two
// have the same hash with a chance of 3 in 100 (so a false alarm is possible, a miss is not).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/spill_file.h"
#include "model/trace_id.h"
#include "statistics/keyed_runs.h"

namespace plumbago::engine {

struct ClosedRecord {
  uint64_t hash = 0;
  uint64_t times = 1;  // closed in so many states

  static constexpr std::array kKey{statistics::KeyPart::kPlain, statistics::KeyPart::kPlain};
  std::array<uint32_t, 2> key() const {
    return {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(hash)};
  }
  void set_key(const std::array<uint32_t, 2>& key) { hash = uint64_t{key[0]} << 32 | key[1]; }
  void Merge(const ClosedRecord& other) { times += other.times; }
  void Save(std::string& out) const { statistics::AppendVarint(out, times); }
  bool Load(statistics::StateReader& in) {
    times = in.Varint();
    return in.ok() && times > 0;
  }
};

class ClosedTraces {
 public:
  using Runs = statistics::KeyedRuns<ClosedRecord>;

  void Add(const model::TraceId& trace) { hashes_.push_back(trace.Hash()); }
  void Merge(ClosedTraces&& from);
  void Freeze();
  Result<void> Spill(const std::shared_ptr<SpillFile>& file);
  size_t allocated() const { return hashes_.capacity() * sizeof(uint64_t) + runs_.allocated(); }
  Runs& runs() { return runs_; }
  const Runs& runs() const { return runs_; }

 private:
  std::vector<uint64_t> hashes_;
  Runs runs_;
};

// Which open traces there are, and what they are called.
class OpenTraces {
 public:
  void Add(const model::TraceId& trace) { traces_.push_back({trace.Hash(), trace}); }
  void Merge(OpenTraces&& from);
  size_t size() const { return traces_.size(); }
  // Sorts them; before the next.
  void Freeze();

  struct TooEarly {
    uint64_t traces = 0;
    std::string example;  // "trace 0a0b..., closed in one state and open in another"
  };
  // What was closed twice, or is closed and open.
  TooEarly ClosedTooEarly(const ClosedTraces& closed) const;

 private:
  struct Open {
    uint64_t hash;
    model::TraceId trace;
  };
  std::vector<Open> traces_;
};

}  // namespace plumbago::engine
