// A part of a whole. Of nothing there is no share: 0 would claim that none of it is so.
#pragma once

#include <cstdint>
#include <optional>

namespace plumbago::analysis {

inline std::optional<double> Share(uint64_t part, uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace plumbago::analysis
