// The finding: which services have one caller, which calls them nearly always, so that the two
// could be one; and the network time that this would save.
#pragma once

#include "analysis/analysis.h"
#include "analysis/coupled_pairs.h"

namespace plumbago::analysis {

document::Finding MergeCandidates(const CoupledPairs& pairs, const Facts& facts);

}  // namespace plumbago::analysis
