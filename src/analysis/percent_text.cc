#include "analysis/percent_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumbago::analysis {

std::string PercentText(double share) {
  const double percent = share * 100;
  if (percent == 0 || percent == 100) return fmt::format("{:.0f} %", percent);
  const double apart = std::min(std::abs(percent), std::abs(100 - percent));
  // Below 1e-9 % it is rounding, or as good as exact.
  const double digits = apart >= 1 ? 1 : 1 - std::floor(std::log10(std::max(apart, 1e-9)));
  return fmt::format("{:.{}f} %", percent, static_cast<int>(digits));
}

}  // namespace plumbago::analysis
