#include "generate/functions/share_table.h"

#include <algorithm>

namespace plumbago::generate::functions {
namespace {

constexpr int kRounds = 200;

}  // namespace

ShareTable::ShareTable(const std::vector<double>& masses, const std::vector<double>& wished,
                       std::vector<double> weights)
    : columns_(wished.size()), cumulative_(std::move(weights)) {
  std::vector<double> got(columns_);
  for (int round = 0; round < kRounds; ++round) {
    std::fill(got.begin(), got.end(), 0);
    for (size_t row = 0; row < masses.size(); ++row) {
      double* cells = &cumulative_[row * columns_];
      double sum = 0;
      for (size_t c = 0; c < columns_; ++c) sum += cells[c];
      for (size_t c = 0; c < columns_; ++c) {
        cells[c] /= sum;
        got[c] += cells[c] * masses[row];
      }
    }
    if (round + 1 == kRounds) break;  // rows sum to 1
    for (size_t row = 0; row < masses.size(); ++row) {
      double* cells = &cumulative_[row * columns_];
      for (size_t c = 0; c < columns_; ++c) {
        // A floor, so that no row loses all of its columns.
        if (got[c] > 0) cells[c] *= std::max(wished[c] / got[c], 1e-6);
      }
    }
  }
  for (size_t row = 0; row < masses.size(); ++row) {
    double* cells = &cumulative_[row * columns_];
    for (size_t c = 1; c < columns_; ++c) cells[c] += cells[c - 1];
  }
}

uint32_t ShareTable::Draw(size_t row, double u) const {
  const auto begin = cumulative_.begin() + static_cast<ptrdiff_t>(row * columns_);
  const auto end = begin + static_cast<ptrdiff_t>(columns_);
  // What rounding leaves above the last sum goes to the last column that is not empty.
  auto at = std::upper_bound(begin, end, u * *(end - 1));
  if (at == end) at = std::lower_bound(begin, end, *(end - 1));
  return static_cast<uint32_t>(at - begin);
}

double ShareTable::share(size_t row, size_t column) const {
  const double* cells = &cumulative_[row * columns_];
  return column == 0 ? cells[0] : cells[column] - cells[column - 1];
}

}  // namespace plumbago::generate::functions
