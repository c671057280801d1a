// Latency of HTTP calls in the first file of Alibaba's 2021 call graphs (MSCallGraph_0: 6,088,846
// rows, about five minutes): size of the time of each http row, as others have counted it.
#pragma once

#include <span>

#include "document/document.h"

namespace plumbago::analysis {

inline constexpr const char* kHttpLatencySource = "Alibaba 2021, first file (others' count)";

// x: ns, y: share of the calls that take so long or longer. Milliseconds are the data's clock.
std::span<const document::Point> AlibabaHttpLatency();

}  // namespace plumbago::analysis
