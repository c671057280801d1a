// How many kinds there are, from how often each was seen: what was seen is a lower bound (T7).
//
// Chao1, bias-corrected: Chao, "Nonparametric estimation of the number of classes in a population",
// Scand. J. Statist. 1984; its interval (log-normal, never below what was seen): Chao, Biometrics
// 43, 1987, with the variance of the bias-corrected form as in Gotelli, Colwell, "Estimating
// species richness", 2011, eq. 4.3 and appendix B.
#pragma once

#include <cstdint>

namespace plumbago::statistics {

struct Richness {
  double estimate = 0;
  double low = 0;  // 95 % interval
  double high = 0;
};

// `seen` kinds, `once` of them seen once and `twice` of them twice.
Richness Chao1(uint64_t seen, uint64_t once, uint64_t twice);

}  // namespace plumbago::statistics
