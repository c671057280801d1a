// Do the spans with an attribute differ from the other spans of their operation, and by how much?
//
// Three comparisons, each for the worse: they fail more often; they take longer, as a rule (the
// mean of the logarithms, so the ratio is that of typical times); more of them are slow, that is
// above the operation's own 95th percentile.
//
// The tests are Fisher's exact one and Wilcoxon's rank sum with ties (Biometrics Bulletin 1, 1945),
// which take spans for independent. They are not: so counts are divided by the design effect
// (Kish, "Survey Sampling", 1965), the variance by the jackknife over groups of time over that of
// independent spans. One value tells it badly, with 15 degrees of freedom; all values of an
// operation together tell it well. And for the value itself the jackknife must agree at kGate
// (statistics/cluster_jackknife.h), as one value may lie in time unlike the others.
//
// Cost: about 20 us, for a pass over two sketches and 16 groups.
#pragma once

#include <cstdint>
#include <optional>

#include "analysis/attribute_cell.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

// Fewer spans with, or without, tell nothing; nor do fewer groups of time.
inline constexpr uint64_t kLeastSpans = 20;
inline constexpr double kGate = 0.01;
inline constexpr double kTailGate = 0.05;  // of the times, for the slow

struct AttributeEffect {
  struct Side {
    uint64_t spans = 0, failed = 0, slow = 0;
    double median_ns = 0, mean_ns = 0;
    double failed_share() const { return static_cast<double>(failed) / static_cast<double>(spans); }
    double slow_share() const { return static_cast<double>(slow) / static_cast<double>(spans); }
  };
  Side with, without;

  double failed_ratio = 1;  // of shares; both with half a failure more, so that there is one
  std::optional<statistics::Bounds> failed_bounds;
  double time_ratio = 1;
  std::optional<statistics::Bounds> time_bounds;

  // By the jackknife alone: that it is chance, and the variance over that of independent spans
  // (nothing: no variance to compare).
  double failed_gate = 1, time_gate = 1;
  std::optional<double> failed_design, time_design;
  double rank_z = 0;  // of independent spans

  // With the design effects of the operation (>= 1).
  double FailedP(double design) const;
  double TimeP(double design) const;
  double SlowP(double design) const;

  // Large enough to be worth a look, if it is no chance.
  bool FailsMore() const;
  bool TakesLonger() const;
  bool IsSlowMore() const;
  // Failures, and time, beyond what as many of the other spans have.
  double excess_failed() const;
  double excess_ns() const;
};

// `all`: of the operation; `slow_ns`: its 95th percentile. Nothing: too few spans or groups.
std::optional<AttributeEffect> EffectOf(const AttributeCell& cell, const AttributeCell& all,
                                        int64_t slow_ns);

}  // namespace plumbago::analysis
