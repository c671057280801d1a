// Values that stand for several each: their distribution as a curve, quantiles and shares.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "document/document.h"

namespace plumbago::serverless {

class WeightedValues {
 public:
  void Add(double value, uint64_t weight) {
    values_.emplace_back(value, weight);
    total_ += weight;
    sorted_ = false;
  }
  bool empty() const { return values_.empty(); }
  uint64_t total() const { return total_; }
  size_t size() const { return values_.size(); }
  // How many independent values tell as much (Kish, "Survey Sampling", 1965): fewer where weights
  // differ.
  double Effective() const;

  // Share of the weight at values <= `value`; nothing where there is none.
  std::optional<double> ShareAtMost(double value) const;
  std::optional<double> ShareAbove(double value) const;
  // Smallest value up to which at least the share `q` of the weight lies.
  std::optional<double> Quantile(double q) const;
  // (value times `scale`, share at most it), at most `most` points, the first and last among them.
  std::vector<document::Point> Cdf(double scale = 1, size_t most = 160) const;

 private:
  void Sort() const;

  mutable std::vector<std::pair<double, uint64_t>> values_;
  mutable std::vector<uint64_t> up_to_;
  mutable bool sorted_ = false;
  uint64_t total_ = 0;
};

}  // namespace plumbago::serverless
