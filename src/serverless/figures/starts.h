// Logs of instance starts: how long they take, in parts, and how often they come.
#pragma once

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

// Scale and shape of the Weibull distribution with this mean and standard deviation.
struct Weibull {
  double scale = 1, shape = 1;
  // x with P(X <= x) = p.
  double Quantile(double p) const;
};
Weibull WeibullOf(double mean, double deviation);

bool Starts(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
