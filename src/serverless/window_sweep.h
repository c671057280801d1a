// Many fixed windows in one pass over the data: each gap is looked up once, and counts for every
// window that it is longer than. Equal to FixedWindow, window by window (but for the order of
// sums).
#pragma once

#include <span>
#include <vector>

#include "serverless/policy.h"

namespace plumbago::serverless {

// `seconds` ascending; may end with FixedWindow::kEndless. Outcomes as [window][application].
std::vector<std::vector<Outcome>> ReplayWindows(const std::vector<AppArrivals>& apps,
                                                std::span<const double> seconds, unsigned threads);

}  // namespace plumbago::serverless
