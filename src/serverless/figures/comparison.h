// Your workload, the paper's, the release's: what the sections found, side by side.
#pragma once

#include <vector>

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

// From the headlines of the other sections. Where the workload tells of functions one by one they
// are held against the published functions. Its finding: which figures the data can draw.
document::Section Comparison(const std::vector<document::Section>& sections,
                             const FigureContext& context);

}  // namespace plumbago::serverless
