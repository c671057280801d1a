// The first traces of a run in numbers, before any is written: what a fit solves and corrects by.
//
// On all threads; the same for any number of them. About 100 ns a call.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "generate/selection.h"
#include "generate/system.h"
#include "generate/trace_features.h"
#include "generate/trace_options.h"

namespace plumbago::generate {

// Features of the first traces and the rest of their block, as the run will make them. `watched`,
// `selection`: optional. `own` (optional): own time by place in WatchedEdges, of the traces that
// are kept.
std::vector<TraceFeatures> WalkSample(const System& system, const TraceOptions& options,
                                      size_t traces, const WatchedEdges* watched,
                                      std::vector<int64_t>* own = nullptr,
                                      const Selection* selection = nullptr);

// The edges with most own time, as many as the headline speaks of.
WatchedEdges BusiestEdges(const System& system, const TraceOptions& options, size_t traces,
                          const Selection* selection = nullptr);

// What a sample has, as the headlines count.
class SampleValues {
 public:
  explicit SampleValues(const std::vector<TraceFeatures>& sample) {
    for (const TraceFeatures& f : sample) {
      for (size_t i = 0; i < kFeatures; ++i) sums_.value[i] += f.value[i];
      services_.push_back(f[Feature::kServices]);
    }
    std::sort(services_.begin(), services_.end());
  }
  double Ratio(Feature part, Feature whole) const {
    return sums_[whole] > 0 ? sums_[part] / sums_[whole] : 0;
  }
  double ServicesQuantile(double q) const {
    return services_[static_cast<size_t>(q * static_cast<double>(services_.size() - 1))];
  }

 private:
  TraceFeatures sums_;
  std::vector<double> services_;
};

}  // namespace plumbago::generate
