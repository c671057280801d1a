// The mean of y by bins of x, within groups: each bin has an effect of its own, each group a level
// of its own (dummy variables with fixed effects). Means of bins over all data would compare the
// groups that reach a bin with those that do not.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "statistics/within_regression.h"

namespace plumbago::statistics {

class WithinCurve {
 public:
  static constexpr size_t kBins = 10;  // of width 0.1; 1 and more falls into the last

  static size_t BinOf(double x);
  // As WithinRegression::AddGroup; covariates are not used.
  void AddGroup(std::span<const PanelUnit> units);

  // Mean of y in each bin over that in the lowest that is known. Nothing for a bin that no group
  // links to that one.
  std::array<std::optional<double>, kBins> Within() const;
  std::array<std::optional<double>, kBins> Pooled() const;  // plain means: confounded
  std::array<uint64_t, kBins> units() const { return units_; }

 private:
  std::array<std::array<double, kBins>, kBins> products_{};  // of the bins' deviations
  std::array<double, kBins> with_y_{};
  std::array<double, kBins> weight_{};  // of groups that count
  std::array<double, kBins> all_weight_{};
  std::array<double, kBins> all_y_{};
  std::array<uint64_t, kBins> units_{};
};

}  // namespace plumbago::statistics
