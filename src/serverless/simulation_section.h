// What policies came to, as a section of a report.
#pragma once

#include "document/document.h"
#include "serverless/simulation.h"

namespace plumbago::serverless {

// "policies": a table of them, and of some the curve of applications by cold starts.
document::Section PoliciesSection(const Simulation& simulation);

}  // namespace plumbago::serverless
