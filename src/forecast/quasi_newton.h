// Minimum of a smooth function of few variables: BFGS (Nocedal and Wright, Numerical Optimization,
// 2nd ed., chapter 6) with forward differences and a backtracking line search. Deterministic;
// infinity is a wall.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace plumbago::forecast {

template <size_t N>
struct SmoothMinimum {
  std::array<double, N> at{};
  double value = 0;
  int calls = 0;  // of f
};

// Of the first n <= N variables; f(const std::array<double, N>&). Ends where no slope is above
// `slope`, where a step gains less than `gain`, or after `steps`.
template <size_t N, class F>
SmoothMinimum<N> QuasiNewton(F&& f, const std::array<double, N>& start, size_t n,
                             double slope = 1e-6, double gain = 1e-12, int steps = 100) {
  using Vector = std::array<double, N>;
  SmoothMinimum<N> best{start, 0, 0};
  const auto call = [&](const Vector& at) {
    ++best.calls;
    return f(at);
  };
  best.value = call(start);
  const auto slopes_at = [&](Vector at, double value) {
    Vector slopes{};
    for (size_t i = 0; i < n; ++i) {
      const double was = at[i];
      at[i] = was + 1e-7 * std::max(1.0, std::abs(was));
      slopes[i] = (call(at) - value) / (at[i] - was);
      at[i] = was;
      if (!std::isfinite(slopes[i])) slopes[i] = 0;
    }
    return slopes;
  };
  if (n == 0 || !std::isfinite(best.value)) return best;
  std::array<Vector, N> inverse{};  // of the Hessian
  const auto reset = [&] {
    for (size_t i = 0; i < n; ++i) {
      inverse[i] = {};
      inverse[i][i] = 1;
    }
  };
  reset();
  bool fresh = true;
  Vector slopes = slopes_at(best.at, best.value);
  for (int step = 0; step < steps; ++step) {
    double steepest = 0, along = 0;
    Vector way{};
    for (size_t i = 0; i < n; ++i) {
      steepest = std::max(steepest, std::abs(slopes[i]));
      for (size_t k = 0; k < n; ++k) way[i] -= inverse[i][k] * slopes[k];
      along += way[i] * slopes[i];
    }
    if (steepest <= slope) break;
    if (!(along < 0)) {
      if (fresh) break;
      reset();
      fresh = true;
      continue;
    }
    double length = 1;  // never further than 2 in any variable
    for (size_t i = 0; i < n; ++i) length = std::min(length, 2 / (std::abs(way[i]) + 1e-300));
    Vector next = best.at;
    double value = best.value;
    bool moved = false;
    for (int tries = 0; tries < 30; ++tries) {
      for (size_t i = 0; i < n; ++i) next[i] = best.at[i] + length * way[i];
      value = call(next);
      if (value <= best.value + 1e-4 * length * along) {
        moved = true;
        break;
      }
      // The lowest point of the parabola through what is known, within limits.
      const double bend = value - best.value - length * along;
      const double lowest = std::isfinite(value) ? -along * length / (2 * bend) : 0.1;
      length *= std::clamp(lowest, 0.1, 0.5);
    }
    if (!moved) {
      if (fresh) break;
      reset();
      fresh = true;
      continue;
    }
    const double gained = best.value - value;
    const Vector next_slopes = slopes_at(next, value);
    Vector moves{}, turns{}, bent{};
    double product = 0, through = 0;
    for (size_t i = 0; i < n; ++i) {
      moves[i] = next[i] - best.at[i];
      turns[i] = next_slopes[i] - slopes[i];
      product += moves[i] * turns[i];
    }
    best.at = next;
    best.value = value;
    slopes = next_slopes;
    if (gained <= gain) break;
    if (product <= 1e-14) continue;
    if (fresh) {  // of the right size, at least
      double size = 0;
      for (size_t i = 0; i < n; ++i) size += turns[i] * turns[i];
      for (size_t i = 0; i < n; ++i) inverse[i][i] = product / size;
      fresh = false;
    }
    for (size_t i = 0; i < n; ++i) {
      for (size_t k = 0; k < n; ++k) bent[i] += inverse[i][k] * turns[k];
    }
    for (size_t i = 0; i < n; ++i) through += turns[i] * bent[i];
    for (size_t i = 0; i < n; ++i) {
      for (size_t k = 0; k < n; ++k) {
        inverse[i][k] += (1 + through / product) * moves[i] * moves[k] / product -
                         (bent[i] * moves[k] + moves[i] * bent[k]) / product;
      }
    }
  }
  return best;
}

}  // namespace plumbago::forecast
