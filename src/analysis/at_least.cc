#include "analysis/at_least.h"

#include <vector>

namespace plumbago::analysis {

using statistics::CountHistogram;

document::Series AtLeast(const char* name, const CountHistogram& histogram, uint64_t first) {
  document::Series series;
  series.name = name;
  const std::vector<CountHistogram::Bin> bins = histogram.Bins();
  const auto all = static_cast<double>(histogram.Count());
  uint64_t below = 0;
  double last = 0;
  for (const CountHistogram::Bin& bin : bins) {
    const auto x = static_cast<double>(bin.value);
    if (bin.value >= first && (series.points.empty() || x >= last * 1.02 || &bin == &bins.back())) {
      series.points.push_back({x, (all - static_cast<double>(below)) / all});
      last = x;
    }
    below += bin.count;
  }
  return series;
}

}  // namespace plumbago::analysis
