// Figure 6 and burstiness: how irregular the gaps between an application's invocations are.
#pragma once

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

struct GapMoments {
  uint64_t gaps = 0;
  double mean = 0;       // seconds
  double variation = 0;  // sd / mean, sd of the sample; 0 for fewer than two
};
// Under the replay rule of idle_gaps.h; with executions by their starts.
GapMoments GapsOf(const AppLoad& app);

// Burstiness (sd - mean) / (sd + mean) of gaps, -1 regular, 0 Poisson, 1 most bursty: Goh,
// Barabasi, EPL 81 (2008), corrected for few events as by Kim, Jo, Physical Review E 94 (2016).
double Burstiness(double variation, uint64_t events);

bool GapVariation(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
