// The main job: traces and saved states in; a report, a saved state, or both out.
//
// Every analysis is observed in up to four variants at once: over the undamaged traces, and over
// the damaged ones as written (`none`), rebuilt, and in the mode that was asked for. Undamaged
// traces look the same in every mode, so they are built and observed once; merging the variants
// afterwards gives each headline under none, accurate and rebuild (statistics T3) for the price of
// the damaged traces alone.
//
// States join on the way: their names are interned, the rows of their open traces are partitioned
// with the rows that are read, and their tables are merged with the run's when they are visited.
// Merging states is the same run without a report (docs/design/0010-states.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "base/result.h"
#include "document/document.h"
#include "engine/observer.h"
#include "engine/read_rows.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

struct CharacteriseOptions {
  ReadOptions read;  // inputs: files of traces and saved states
  // Nothing: as the states were saved; without states rebuild.
  std::optional<graph::RepairMode> mode;
  std::vector<std::string> only;  // ids of analyses; empty: all
  std::vector<std::string> skip;
  size_t table_rows = SIZE_MAX;          // of each table in the report
  std::vector<analysis::Faster> faster;  // what if (critical-path)
  // Shown the dependency graph, in place of the section of `edges` (analysis::Facts::see_edges).
  std::function<void(const graph::DependencyGraph&, const analysis::Facts&)> see_edges;

  std::string save;  // path of a state; empty: none
  // Which traces stay open in it.
  Closing::Policy closing = Closing::kWindow;
  int64_t open_window_ns = 60'000'000'000;
  bool resume = false;       // go on with the state at `save`, if it is there
  bool report = true;        // false: only a state is wanted; what is open is not analysed
  bool only_states = false;  // files of traces are an error
};

struct Characterised {
  document::Document document;
  bool interrupted = false;  // partial
  uint64_t states = 0;       // among the inputs
  uint64_t open_traces = 0;  // in them
  // Of a run that saves a state: an input that --resume would refuse, a pipe.
  std::optional<std::string> cannot_go_on_with;
};

// Errors: as ReadAllRows and SavedState (kInterrupted: stopped before a row was read; no state is
// written then); kUsage for an analysis that is not known, for states that
// do not fit together or lack what is asked for; kResource: no room.
Result<Characterised> Characterise(const CharacteriseOptions& options);

}  // namespace plumbago::engine
