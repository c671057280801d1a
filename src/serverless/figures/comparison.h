// Your workload, the paper's, the release's: what the sections found, side by side.
#pragma once

#include <vector>

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

// From the headlines of the other sections. `apps`: the workload tells of applications; else of
// functions, which are held against the published functions.
document::Section Comparison(const std::vector<document::Section>& sections, bool apps);

}  // namespace plumbago::serverless
