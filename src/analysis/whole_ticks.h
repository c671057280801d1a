// The data's times are whole ticks, so a quantile is, too: a sketch's estimate is within 1 % of
// one, and rounding moves it by half a tick at most (so below 50 ticks it is the quantile itself).
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

namespace plumbago::analysis {

inline double WholeTicks(double ns, int64_t tick_ns) {
  const auto tick = static_cast<double>(tick_ns);
  return std::round(ns / tick) * tick;
}
inline std::optional<double> WholeTicks(std::optional<double> ns, int64_t tick_ns) {
  return ns ? std::optional(WholeTicks(*ns, tick_ns)) : std::nullopt;
}

}  // namespace plumbago::analysis
