// Splits the rows of a partition that is too large to be grouped in memory: 16-fold by further bits
// of the traces' hashes, through the spill file.
//
// Each split reads and writes the rows once; what was read is discarded from the disk at once, so
// that the disk needs no more than it held before. A part that is still too large is split again:
// after three splits every part of a partition of a billion rows fits, or it is one trace.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/spill_file.h"
#include "engine/partitions.h"

namespace plumbago::engine {

inline constexpr unsigned kSplitBits = 4;
inline constexpr size_t kSplitParts = 1u << kSplitBits;

struct RowPart {
  RowPieces rows;  // spilled
  uint64_t count = 0;
  model::TraceId trace;  // of its first row
  bool one_trace = true;
  model::Origin first;  // the first row in the order of the input
};

// Bits [shift, shift + kSplitBits) of a trace's hash choose its part. Frees `rows` on the
// disk, unless they are to be kept. Errors: those of the spill file; kInterrupted.
Result<std::array<RowPart, kSplitParts>> SplitRows(const RowPieces& rows, unsigned shift,
                                                   SpillFile& spill, bool keep = false);

}  // namespace plumbago::engine
