// What a run of the main job is made of, from its inputs to what was learnt of them. The steps of
// characterise.cc fill it, in the order of its fields; then save_state.h and conclude_run.h read
// it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "engine/found_damage.h"
#include "engine/learnt.h"
#include "engine/observer.h"
#include "engine/read_rows.h"
#include "engine/run_inputs.h"
#include "engine/saved_places.h"
#include "formats/read_progress.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

struct Run {
  RunInputs inputs;
  std::vector<formats::FileProgress> resumed;  // files of the state that is gone on with
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  Analyses analyses;

  ReadRows read;  // of files and of states
  Closing closing;
  std::vector<SavedFile> saved_files;  // of all states
  std::vector<std::string> formats;    // of all files; sorted, each once
  std::vector<std::string> skipped;    // what no format knows, and why; sorted, each once
  analysis::Facts facts;
  std::optional<SavedPlaces> places;  // of a run that saves a state

  std::unique_ptr<Observer> observed;  // frozen; what is closed includes that of all states
  FoundDamage closed_damage;           // of reading, and of closed traces
  FoundDamage open_damage;             // of open ones
  bool interrupted = false;            // the user stopped it

  // Part of the input is missing: this run was stopped, or one whose state is among the inputs and
  // that this one does not go on with.
  bool Partial() const;
};

}  // namespace plumbago::engine
