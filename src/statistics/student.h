// Student's t distribution.
#pragma once

namespace plumbago::statistics {

// P(T <= t) with `freedom` > 0 degrees of freedom. By the incomplete beta function: continued
// fraction of DLMF 8.17.22, evaluated by Lentz's method. Errors below 1e-12.
double StudentCdf(double t, double freedom);
// t with StudentCdf(t) = p, 0 < p < 1. By bisection.
double StudentQuantile(double p, double freedom);

}  // namespace plumbago::statistics
