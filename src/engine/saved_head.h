// What stands at the front of a saved state: where it comes from, and all that is small.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/completeness.h"
#include "engine/found_damage.h"
#include "graph/repair_mode.h"
#include "model/call.h"
#include "statistics/state_bytes.h"

namespace plumbago::engine {

// A file of traces that went into a state. Order: by name.
struct SavedFile {
  std::string name;
  std::string format;
  uint64_t bytes = 0;
  auto operator<=>(const SavedFile&) const = default;
};

// Everything of a state but names, tables and rows.
struct SavedHead {
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  std::vector<std::string> analyses;  // ids, in the order of the registry
  int64_t first_ns = model::kNoTime;  // of the rows' starts
  int64_t last_ns = model::kNoTime;
  int64_t tick_ns = 1'000'000;  // their resolution: 1 ms, 1 us or 1 ns
  bool sides_marked = false;
  bool interrupted = false;  // of a run that was stopped: part of the input is missing
  std::vector<SavedFile> files;
  std::vector<std::string> skipped;
  FoundDamage damage;              // of reading, and of closed traces
  CompletenessState completeness;  // of closed traces

  void Save(std::string& out) const;
  [[nodiscard]] bool Load(statistics::StateReader& in);
};

}  // namespace plumbago::engine
