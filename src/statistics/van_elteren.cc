#include "statistics/van_elteren.h"

#include <algorithm>
#include <cmath>

#include "statistics/normal.h"

namespace plumbago::statistics {

void VanElteren::Add(std::span<const int64_t> first, std::span<const int64_t> second) {
  if (first.empty() || second.empty()) return;
  values_.clear();
  for (const int64_t value : first) values_.push_back({value, false});
  for (const int64_t value : second) values_.push_back({value, true});
  std::sort(values_.begin(), values_.end(),
            [](const Ranked& a, const Ranked& b) { return a.value < b.value; });
  if (values_.front().value == values_.back().value) return;

  double ranks = 0, ties = 0;  // of the second; sum of t^3 - t
  for (size_t begin = 0; begin < values_.size();) {
    size_t end = begin, of_second = 0;
    for (; end < values_.size() && values_[end].value == values_[begin].value; ++end) {
      of_second += values_[end].second;
    }
    const double middle = static_cast<double>(begin + 1 + end) / 2;
    const auto t = static_cast<double>(end - begin);
    ranks += middle * static_cast<double>(of_second);
    ties += t * t * t - t;
    begin = end;
  }
  const auto m = static_cast<double>(first.size()), n = static_cast<double>(second.size());
  const double all = m + n, weight = 1 / (all + 1);
  deviation_ += weight * (ranks - n * (all + 1) / 2);
  variance_ += weight * weight * m * n / 12 * (all + 1 - ties / (all * (all - 1)));
  // Mann and Whitney's U of the second over m n: the share of pairs that the second wins.
  wins_ += weight * (ranks - n * (n + 1) / 2);
  weights_ += weight * m * n;
  ++strata_;
}

std::optional<VanElteren::Result> VanElteren::Conclude() const {
  if (strata_ == 0 || !(variance_ > 0)) return std::nullopt;
  const double z = deviation_ / std::sqrt(variance_);
  return Result{z, std::min(1.0, 2 * NormalCdf(-std::abs(z))), wins_ / weights_};
}

}  // namespace plumbago::statistics
