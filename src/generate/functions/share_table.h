// Conditional shares that give wished totals: iterative proportional fitting (Deming and Stephan,
// "On a least squares adjustment of a sampled frequency table when the expected marginal totals are
// known", Ann. Math. Stat. 11, 1940).
//
// Rows are kinds of applications with known masses, columns values; weight 0 forbids, larger
// weights attract. The fitted shares of a row sum to 1; over all rows the columns come to `wished`
// where the forbidden cells leave room for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace plumbago::generate::functions {

class ShareTable {
 public:
  // `weights`: row by row, masses.size() * wished.size(). Each row needs a weight above 0.
  ShareTable(const std::vector<double>& masses, const std::vector<double>& wished,
             std::vector<double> weights);

  // The column at u, in [0, 1), of a row.
  uint32_t Draw(size_t row, double u) const;
  double share(size_t row, size_t column) const;

 private:
  size_t columns_;
  std::vector<double> cumulative_;
};

}  // namespace plumbago::generate::functions
