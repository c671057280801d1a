// Packed records, wherever they are: in memory, or in the spill file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace plumbago::engine {

// Whole packed records in the spill file, at most kMostExtent bytes.
struct Extent {
  uint64_t offset = 0;
  uint64_t size = 0;
};
inline constexpr size_t kMostExtent = 256u << 10;

// Whole records in each piece.
struct RowPieces {
  std::vector<std::string_view> resident;
  std::vector<Extent> spilled;
  uint64_t bytes = 0;
};

}  // namespace plumbago::engine
