// Quantiles of whole numbers that may be negative: a sketch of those from 0 up and one of the sizes
// of those below. Within 1 % of the value, merged in any order to the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>

#include "analysis/fields.h"
#include "statistics/nearest_rank.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {

struct SignedQuantiles {
  statistics::QuantileSketch from_zero;  // values >= 0
  statistics::QuantileSketch below;      // minus the values < 0

  static constexpr auto Fields() {
    return std::tuple(Field{"from_zero", &SignedQuantiles::from_zero},
                      Field{"below", &SignedQuantiles::below});
  }

  // `value` > INT64_MIN.
  void Add(int64_t value) { value < 0 ? below.Add(-value) : from_zero.Add(value); }
  uint64_t count() const { return from_zero.count() + below.count(); }
  double sum() const {
    return static_cast<double>(static_cast<Int128>(from_zero.sum()) -
                               static_cast<Int128>(below.sum()));
  }
  std::optional<double> Quantile(double q) const {
    if (count() == 0) return std::nullopt;
    const uint64_t rank = statistics::NearestRank(q, count()), negative = below.count();
    // A rank as the share that has it: the middle between this one and the next.
    const auto at = [](const statistics::QuantileSketch& sketch, uint64_t r) {
      return sketch.Quantile((static_cast<double>(r) + 0.5) / static_cast<double>(sketch.count()));
    };
    if (rank >= negative) return at(from_zero, rank - negative);
    return -*at(below, negative - 1 - rank);
  }
};

}  // namespace plumbago::analysis
