// What a run takes in: files of traces, and saved states. Says what they have in common, and brings
// their names and rows together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/learnt.h"
#include "engine/places.h"
#include "engine/read_rows.h"
#include "engine/saved_state.h"
#include "engine/trace_hashes.h"

namespace plumbago::engine {

struct RunInputs {
  std::vector<std::string> traces;  // arguments for BlockSource
  std::vector<std::unique_ptr<SavedState>> states;
};

// Tells states from traces: a file that was named is looked into; of folders and globs those that
// are called *.plumb are.
Result<RunInputs> FindRunInputs(const std::vector<std::string>& inputs);

// The mode of the run: `wanted`, else the one that all states were saved under, else rebuild.
// Errors (kUsage): states do not hold what the mode needs, or disagree.
Result<graph::RepairMode> ModeOf(const RunInputs& inputs, std::optional<graph::RepairMode> wanted);

// The analyses that all states hold, in the order of the registry; all that exist where there are
// no states. Errors (kUsage): states hold different ones.
Result<Analyses> HeldAnalyses(const RunInputs& inputs);

// Adds names, rows of open traces and what is known of the input to `read`, on its threads.
// Origins of those rows are in `files`: the files of all states, sorted.
Result<void> LoadStates(const RunInputs& inputs, ReadRows& read, std::vector<SavedFile>& files);

}  // namespace plumbago::engine
