// Published values of Google's fleet: Seemakhupt et al., "A Cloud-Scale Characterization of Remote
// Procedure Calls", SOSP'23: over 10,000 RPC methods, 700 billion calls sampled over 23 months.
// They are of methods, not of services, and of another company: drawn beside one's own, never a
// truth.
#pragma once

#include <span>

#include "document/document.h"

namespace plumbago::analysis {

inline constexpr const char* kGoogleRpcSource = "Seemakhupt et al., SOSP'23";

// x: so many of the most popular methods, y: their share of all calls.
std::span<const document::Point> GoogleMethodPopularity();
// The slowest 1,000 methods; x: their share of calls, y: of the time.
std::span<const document::Point> GoogleSlowestMethods();
// What a call spends outside its callee's application (network, queues, RPC stack), mean over
// calls: share of its time.
inline constexpr double kGoogleTaxShare = 0.02;

}  // namespace plumbago::analysis
