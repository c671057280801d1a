#include "statistics/chao1.h"

#include <cmath>

namespace plumbago::statistics {

Richness Chao1(uint64_t seen, uint64_t once, uint64_t twice) {
  const auto s = static_cast<double>(seen), f1 = static_cast<double>(once),
             f2 = static_cast<double>(twice);
  const double unseen = f1 * (f1 - 1) / (2 * (f2 + 1));
  Richness richness{s + unseen, s, s + unseen};
  if (unseen <= 0) return richness;
  const double variance = twice > 0
                              ? f1 * (f1 - 1) / (2 * (f2 + 1)) +
                                    f1 * (2 * f1 - 1) * (2 * f1 - 1) / (4 * (f2 + 1) * (f2 + 1)) +
                                    f1 * f1 * f2 * (f1 - 1) * (f1 - 1) / (4 * std::pow(f2 + 1, 4))
                              : f1 * (f1 - 1) / 2 + f1 * (2 * f1 - 1) * (2 * f1 - 1) / 4 -
                                    std::pow(f1, 4) / (4 * richness.estimate);
  if (!(variance > 0)) return richness;
  const double k =
      std::exp(1.959963984540054 * std::sqrt(std::log1p(variance / (unseen * unseen))));
  richness.low = s + unseen / k;
  richness.high = s + unseen * k;
  return richness;
}

}  // namespace plumbago::statistics
