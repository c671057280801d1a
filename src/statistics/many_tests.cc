#include "statistics/many_tests.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace plumbago::statistics {

std::vector<double> BenjaminiHochberg(std::span<const double> p, size_t tests) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
  std::vector<double> adjusted(p.size());
  const auto all = static_cast<double>(std::max(tests, p.size()));
  double least = 1;
  for (size_t i = order.size(); i-- > 0;) {
    least = std::min(least, p[order[i]] * all / static_cast<double>(i + 1));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

double HypergeometricTail(uint64_t hits, uint64_t drawn, uint64_t marked, uint64_t all) {
  if (drawn > all || marked > all) return 1;
  const uint64_t most = std::min(drawn, marked);
  if (hits > most) return 0;
  const uint64_t least = drawn + marked > all ? drawn + marked - all : 0;
  if (hits <= least) return 1;
  const auto n = static_cast<double>(drawn), k = static_cast<double>(marked),
             m = static_cast<double>(all);
  // At or below the mean the tail is no evidence, and long.
  if (static_cast<double>(hits) <= n * k / m) return 1;
  const auto choose = [](double of, double some) {
    return std::lgamma(of + 1) - std::lgamma(some + 1) - std::lgamma(of - some + 1);
  };
  const auto first = static_cast<double>(hits);
  double term = std::exp(choose(k, first) + choose(m - k, n - first) - choose(m, n));
  double sum = term;
  // Beyond the mean each term is smaller than the one before.
  for (double x = first; x < static_cast<double>(most) && term > sum * 1e-12; ++x) {
    term *= (k - x) * (n - x) / ((x + 1) * (m - k - n + x + 1));
    sum += term;
  }
  return std::min(1.0, sum);
}

}  // namespace plumbago::statistics
