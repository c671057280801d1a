// What the commands that export single traces share: which, and how they are told to renderers.
#pragma once

#include <vector>

#include "cli/command.h"
#include "engine/picked_traces.h"
#include "render/trace_profile.h"

namespace plumbago::cli {

// Inputs, --repair, --trace, and how many of the slowest otherwise. Errors: as PickTraces;
// kBadInput where there is no trace of that id.
Result<engine::PickedTraces> PickedTracesFrom(const Arguments& arguments, size_t slowest);
// Names point into `names`.
render::ProfileTrace ProfileOf(const engine::PickedTrace& trace, const model::Names& names);

}  // namespace plumbago::cli
