// Figure 4 and the clock: invocations by hour, by hour of day, by weekday.
#pragma once

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

bool Hours(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
