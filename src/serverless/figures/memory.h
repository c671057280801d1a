// Figure 8: what applications allocate, and a Burr XII fit.
#pragma once

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

bool Memory(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
