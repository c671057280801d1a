// What is said of clocks in the section `completeness` (rule T10: print what remains).
#pragma once

#include "document/document.h"
#include "engine/clock_offsets.h"

namespace plumbago::engine {

// Adds headlines and the table of pairs of hosts, skewed ones first. Nothing where no call between
// two hosts has both sides.
void AddClocks(const ClockOffsets& clocks, const model::Names& names, size_t rows,
               document::Section& section);

}  // namespace plumbago::engine
