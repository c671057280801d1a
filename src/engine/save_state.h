// Writing a run's state at its end (saved_state.h is the file itself).
#pragma once

#include <string>

#include "base/result.h"
#include "engine/run.h"

namespace plumbago::engine {

// Of a run that has observed all traces and is not concluded yet. Errors: those of output and spill
// files, and of the states that it reads.
Result<void> SaveState(const std::string& path, Run& run);

}  // namespace plumbago::engine
