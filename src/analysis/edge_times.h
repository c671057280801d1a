// When each edge (caller, callee, kind) was how slow: its calls in blocks of time. Nothing of it is
// printed by `analyze`; it is kept in saved states, so that a later comparison can permute blocks
// of time instead of single calls, which depend on each other (statistics.md T11).
//
// A block is 5 s x 2^k long and aligned to the time 0 of the data. An edge has one k: the smallest
// with which its calls fall into at most 32 blocks. As blocks only ever grow, that is the same k in
// whatever order calls are added and states are merged.
//
// Edges with few calls are kept as well, as merging may make them many; a comparison looks at those
// with kEnough calls or more. A call without a time is in no block.
//
// State: 40 bytes an edge and 72 a block, and what the sketches hold. Observe: 20 ns a call; only
// where a state is saved.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "graph/key_parts.h"
#include "statistics/quantile_sketch.h"

#include <tsl/robin_map.h>

namespace plumbago::analysis {

class TimeBlocks {
 public:
  static constexpr int64_t kSeconds = 5;
  static constexpr size_t kMost = 32;
  static constexpr uint8_t kLevels = 40;  // 5 s x 2^40: longer than any clock runs

  struct Block {
    int64_t index = 0;  // begins at index x length
    uint64_t calls = 0;
    uint64_t errors = 0;
    statistics::QuantileSketch latency_ns;
  };

  void Add(int64_t start_ns, int64_t latency_ns, bool error);
  void Merge(const TimeBlocks& other);
  void Save(std::string& out) const;
  [[nodiscard]] bool Load(statistics::StateReader& in);

  uint8_t level() const { return level_; }
  int64_t block_seconds() const { return kSeconds << level_; }
  const std::vector<Block>& blocks() const { return blocks_; }  // by index

 private:
  Block& At(int64_t index);
  void Coarsen(uint8_t level);
  void Fit();

  uint8_t level_ = 0;
  std::vector<Block> blocks_;
};

struct EdgeTimes {
  static const Description kDescription;
  static constexpr uint64_t kEnough = 100;

  struct Record {
    model::ServiceId caller = model::kNoService;
    model::ServiceId callee = model::kNoService;
    model::Kind kind = model::Kind::kUnknown;
    TimeBlocks times;

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::ServiceId>,
                                     statistics::KeyPart::kPlain};
    std::array<uint32_t, 3> key() const {
      return {Index(caller), Index(callee), static_cast<uint32_t>(kind)};
    }
    void set_key(const std::array<uint32_t, 3>& key);
    void Merge(const Record& other) { times.Merge(other.times); }
    void Save(std::string& out) const { times.Save(out); }
    bool Load(statistics::StateReader& in) { return times.Load(in); }
  };

  class Table {
   public:
    using Runs = statistics::KeyedRuns<Record>;
    void Add(const graph::CallGraph& graph);
    void Merge(Table&& from);
    void Freeze();
    Runs& runs() { return runs_; }
    const Runs& runs() const { return runs_; }
    size_t allocated() const;

   private:
    struct KeyHash {
      size_t operator()(const std::array<uint32_t, 3>& key) const;
    };
    tsl::robin_map<std::array<uint32_t, 3>, uint32_t, KeyHash> index_;
    std::vector<Record> records_;
    uint64_t calls_ = 0;
    Runs runs_;
  };

  struct State {
    Table edges;
    static constexpr auto Fields() { return std::tuple(Field{"edges", &State::edges}); }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
