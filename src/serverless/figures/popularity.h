// Figures 5a and 5b: how often applications and functions are invoked, and how few make most of it.
#pragma once

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

bool Popularity(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
