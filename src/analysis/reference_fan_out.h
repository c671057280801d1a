// Children of a service in a production call graph, from the distributions that the group of the
// SoCC'21 paper published with Erms (ASPLOS'23): Cloud-and-Distributed-Systems/Erms, folder
// graphGenerator, commit debd2fa, over 2,395,352,614 nodes. What they do not name is the trace.
#pragma once

#include <span>

#include "document/document.h"

namespace plumbago::analysis {

inline constexpr const char* kErmsSource = "Erms graph generator (ASPLOS'23): 2.4 G nodes";

// x: children or more (each call's own node, so a service called twice counts twice), y: share of
// the nodes at depth 0 to 13 that are neither database nor cache. Points from 1 to 11.
std::span<const document::Point> ErmsChildren();

}  // namespace plumbago::analysis
