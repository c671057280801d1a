// Minimum of a smooth function of few variables without derivatives: the downhill simplex of Nelder
// and Mead (Computer Journal 7, 1965) with the usual coefficients. Deterministic; infinity is a
// wall.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace plumbago::statistics {

template <size_t N>
struct Minimum {
  std::array<double, N> at{};
  double value = 0;
};

// Starts with a simplex of edge `step` at `start` and ends when its values agree within `tolerance`
// or after `most` calls of f.
template <size_t N, class F>
Minimum<N> NelderMead(F&& f, const std::array<double, N>& start, double step, double tolerance,
                      int most) {
  using Point = std::array<double, N>;
  std::array<Minimum<N>, N + 1> simplex;
  for (size_t i = 0; i <= N; ++i) {
    simplex[i].at = start;
    if (i > 0) simplex[i].at[i - 1] += step;
    simplex[i].value = f(simplex[i].at);
  }
  int calls = static_cast<int>(N) + 1;
  const auto by_value = [](const Minimum<N>& a, const Minimum<N>& b) { return a.value < b.value; };
  std::stable_sort(simplex.begin(), simplex.end(), by_value);
  while (calls < most) {
    const double spread = simplex[N].value - simplex[0].value;
    if (spread <= tolerance) break;
    Point middle{};
    for (size_t i = 0; i < N; ++i) {
      for (size_t d = 0; d < N; ++d) middle[d] += simplex[i].at[d] / static_cast<double>(N);
    }
    const auto along = [&](double by) {
      Minimum<N> point;
      for (size_t d = 0; d < N; ++d) point.at[d] = middle[d] + by * (simplex[N].at[d] - middle[d]);
      point.value = f(point.at);
      ++calls;
      return point;
    };
    const Minimum<N> reflected = along(-1);
    if (reflected.value < simplex[0].value) {
      const Minimum<N> expanded = along(-2);
      simplex[N] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[N - 1].value) {
      simplex[N] = reflected;
    } else {
      const Minimum<N> contracted = along(reflected.value < simplex[N].value ? -0.5 : 0.5);
      if (contracted.value < std::min(reflected.value, simplex[N].value)) {
        simplex[N] = contracted;
      } else {
        for (size_t i = 1; i <= N; ++i) {
          for (size_t d = 0; d < N; ++d) {
            simplex[i].at[d] = simplex[0].at[d] + 0.5 * (simplex[i].at[d] - simplex[0].at[d]);
          }
          simplex[i].value = f(simplex[i].at);
          ++calls;
        }
      }
    }
    std::stable_sort(simplex.begin(), simplex.end(), by_value);
  }
  return simplex[0];
}

}  // namespace plumbago::statistics
