// Do values of one kind tend to be larger than those of another, where both were seen under like
// circumstances? Wilcoxon's rank sums, stratum by stratum, combined with the weights 1 / (n + 1):
// van Elteren, "On the combination of independent two-sample tests of Wilcoxon", Bulletin of the
// Institute of International Statistics 37, 1960 (Lehmann, "Nonparametrics", 1975, section 3.3).
// Ties have mid-ranks, and the variance is corrected for them.
//
// Strata are independent, values within a stratum as well: give one value a cluster. Cost: a sort
// of each stratum. Nothing here depends on the order of values; strata in the same order give the
// same bits.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace plumbago::statistics {

class VanElteren {
 public:
  // A stratum with an empty side, or with all values equal, tells nothing and is not counted.
  void Add(std::span<const int64_t> first, std::span<const int64_t> second);

  struct Result {
    double z = 0;  // above 0: the second tend to be larger
    double p = 1;  // two-sided, normal approximation
    // Mean over the strata, weighted as above, of P(second > first) + P(equal) / 2.
    double superiority = 0.5;
  };
  // Nothing without a stratum that tells something.
  std::optional<Result> Conclude() const;
  uint64_t strata() const { return strata_; }

 private:
  struct Ranked {
    int64_t value;
    bool second;
  };
  std::vector<Ranked> values_;  // working memory
  double deviation_ = 0, variance_ = 0;
  double wins_ = 0, weights_ = 0;
  uint64_t strata_ = 0;
};

}  // namespace plumbago::statistics
