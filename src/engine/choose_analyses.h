// Which analyses a run does: what the user asked for, and what the states among its inputs hold.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/learnt.h"
#include "engine/run_inputs.h"

namespace plumbago::engine {

// The analyses that `only` (empty: all) and `skip` leave; kUsage names what is not known.
// `completeness` is always known.
Result<Analyses> ChooseAnalyses(const std::vector<std::string>& only,
                                const std::vector<std::string>& skip);

// Those of them that the states hold; for a run that saves a state also what only saved states
// hold. Errors: as HeldAnalyses; kUsage: a state lacks one that `only` asks for.
Result<Analyses> AnalysesOf(const RunInputs& inputs, const std::vector<std::string>& only,
                            const std::vector<std::string>& skip, bool save);

}  // namespace plumbago::engine
