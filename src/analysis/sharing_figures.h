// The curves of `sharing`: how unequal services are in calls, time and callers.
#pragma once

#include <vector>

#include "analysis/shared_services.h"
#include "document/document.h"

namespace plumbago::analysis {

// Popularity; share of time against share of calls (where own time is known); callers of a service.
// Without calls: none.
std::vector<document::Figure> SharingFigures(const SharedServices& all);

// Share of the calls (of named callees) that the n most called services take.
std::optional<double> CallsOfTop(const SharedServices& all, size_t n);

}  // namespace plumbago::analysis
