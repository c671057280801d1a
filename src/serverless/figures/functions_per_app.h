// Figure 1: how many functions applications have, and where invocations and functions lie.
#pragma once

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

bool FunctionsPerApp(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
