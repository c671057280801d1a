// Which of the walked traces are kept, so that what is kept has given means, ratios and tails.
//
// A trace with features f is kept with probability p = 1 / (1 + exp(-(b + sum_j l_j x_j(f)))),
// where each constraint is written as an x_j whose mean over the kept traces must be 0: value at
// least v with share s gives [f >= v] - s, a ratio t of sums gives f_num - t f_den. That is
// calibration weighting as in survey sampling (Deville and Saerndal: "Calibration Estimators in
// Survey Sampling", JASA 1992, their bounded case): the l_j minimise the convex function mean
// softplus(b + l x) + ridge l^2 / 2, found by damped Newton steps on a sample of traces.
//
// Keeping by chance would add noise of its own. Of the sample, which is the beginning of the run,
// each trace is decided beforehand: those that stand out most first, each so that the sums that are
// kept stay nearest to what is expected of them (herding: Welling, ICML 2009), so that the many
// ordinary ones make up for the few large. Behind it p decides, moved by what is over or short
// within the block of traces.
//
// Immutable once solved; a Balance is a block's own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generate/random.h"
#include "generate/trace_features.h"

namespace plumbago::generate {

struct Constraint {
  enum Form : uint8_t { kAtLeast, kRatio };
  Form form = kRatio;
  Feature part = Feature::kOne;
  Feature whole = Feature::kOne;  // kRatio
  double from = 0;                // kAtLeast: the value
  double target = 0;              // share or ratio

  double Of(const TraceFeatures& f) const {
    return form == kAtLeast ? (f[part] >= from ? 1.0 : 0.0) - target : f[part] - target * f[whole];
  }
};

// The largest trace: a few about as large are kept. 0: nothing is known.
struct Largest {
  double services = 0;
  double calls = 0;
};

// Keeps multipliers small where constraints can hardly be met: in units of a constraint's mean
// size, it is missed by ridge times its multiplier.
inline constexpr double kRidge = 3e-4;

class Selection {
 public:
  // What was kept in a block against what was expected, by constraint.
  class Balance {
   public:
    void Clear() { over_.clear(); }

   private:
    friend class Selection;
    std::vector<double> over_, x_;
  };

  // `sample`: the run's first traces, all of them. `kept`: about the share of traces that is kept.
  static Selection Solve(const std::vector<TraceFeatures>& sample,
                         const std::vector<Constraint>& constraints, const Largest& largest,
                         double kept, WatchedEdges watched = {}, double ridge = kRidge);

  // Whether the run's trace `index` is kept; `random` decides where nothing else does.
  bool Keep(uint64_t index, const TraceFeatures& features, Balance& balance, Random& random) const;
  double Probability(const TraceFeatures& features) const;
  // Expected over the sample that it was solved for.
  double kept() const { return kept_; }
  // Traces of the sample.
  size_t sample() const { return decided_.size(); }
  // What kWatchedOwnMs counts.
  const WatchedEdges& watched() const { return watched_; }

 private:
  std::vector<Constraint> constraints_;
  std::vector<double> scale_;   // 1 / mean absolute x
  std::vector<double> lambda_;  // of scaled x
  WatchedEdges watched_;
  std::vector<bool> decided_;  // the first traces
  double bias_ = 0;
  double kept_ = 1;
};

}  // namespace plumbago::generate
