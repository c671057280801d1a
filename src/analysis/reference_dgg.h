// Call graphs of Alibaba's 2022 traces (13 days), as the authors of DGG published them: Du et al.,
// "A Microservice Graph Generator with Production Characteristics", ICS'25 (arXiv 2412.19083);
// dufanrong/DGG, commit 82db6dc, folder sample_data/real_call_graph_renamed. Here is what 65,142 of
// its graphs, which stand for 105,509,911 traces of 1,334 services, come to by the definitions of
// the analyses: sums over all of them, no row.
//
// Only whole traces, and only the graphs that cover nine tenths of a service's traces: the largest
// are missing, so beside one's own data the tail of these curves is too short. A service that was
// called with several interfaces stands in it once for each.
#pragma once

#include <span>

#include "document/document.h"

namespace plumbago::analysis {

inline constexpr const char* kDggName = "Alibaba 2022, whole traces";
inline constexpr const char* kDggSource = "DGG (Du et al., ICS'25): 105.5 M traces";

// x: so much or more, y: share of the traces.
std::span<const document::Point> DggServices();
std::span<const document::Point> DggCalls();
std::span<const document::Point> DggDepth();  // in calls, the entry is at 0
// y: share of the called services of a trace with so many callers.
std::span<const document::Point> DggInDegree();
// y: share of the stateless services of a trace that call so many services.
std::span<const document::Point> DggOutDegree();
// x: variants of its call graph, y: share of the online services.
std::span<const document::Point> DggVariants();
// Share of the services (mean over traces) and of the calls that are caches, by services of a
// trace: element i is of 2^i to 2^(i+1) - 1 services.
std::span<const double> DggCacheServices();
std::span<const double> DggCacheCalls();

}  // namespace plumbago::analysis
