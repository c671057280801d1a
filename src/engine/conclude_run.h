// What a run learnt as a document: the sections of its analyses, and what was in its input.
#pragma once

#include "base/result.h"
#include "document/document.h"
#include "engine/characterise.h"
#include "engine/run.h"

namespace plumbago::engine {

// Uses up what was observed. Tables of states are read here: errors are those of the states and of
// the spill file.
Result<document::Document> ConcludeRun(const CharacteriseOptions& options, Run& run);

}  // namespace plumbago::engine
