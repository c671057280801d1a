// Figure 7: average, minimum and maximum execution times of functions, and a log-normal fit.
#pragma once

#include "serverless/figures/figures.h"
#include "serverless/figures/fitted.h"

namespace plumbago::serverless {

bool Durations(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
