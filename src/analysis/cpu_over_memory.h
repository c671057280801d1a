// The finding of `interference`: does response time depend more on the CPU of the host than on its
// memory? (SoCC'21: "much more sensitive to CPU than memory".) May be claimed, or denied, only if
// both were tested (statistics.md T1).
#pragma once

#include "analysis/load_response.h"
#include "document/document.h"

namespace plumbago::analysis {

document::Finding CpuOverMemory(const LoadResponse& response);

}  // namespace plumbago::analysis
