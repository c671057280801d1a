// The normal distribution: probabilities accurate far into the tails, where differences of cdf
// values are lost.
#pragma once

namespace plumbago::statistics {

double NormalCdf(double z);
// log P(Z > z); accurate for any z.
double LogNormalTail(double z);
// log P(a < Z <= b), a < b (either may be infinite); accurate in both tails.
double LogNormalBetween(double a, double b);
// z with NormalCdf(z) = p, 0 < p < 1.
double NormalQuantile(double p);

}  // namespace plumbago::statistics
