// Figures 2, 3a and 3b: what triggers functions, and which triggers applications combine.
#pragma once

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

bool Triggers(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
