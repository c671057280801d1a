// The finding: which services does most of the traffic use, so that it stops when they do?
#pragma once

#include "analysis/analysis.h"
#include "analysis/shared_services.h"

namespace plumbago::analysis {

document::Finding SinglePointsOfFailure(const SharedServices& all, const Facts& facts);

}  // namespace plumbago::analysis
