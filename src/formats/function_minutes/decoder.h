// Lines of a table with a column a minute to FunctionRows.
//
// Cost: most fields are a lone 0, and are read many at once (fast_row.h).
#pragma once

#include <cstdint>
#include <utility>

#include "formats/format.h"
#include "formats/function_minutes/minute_table.h"

namespace plumbago::formats::function_minutes {

// Immutable; any number of threads.
class MinuteDecoder final : public Decoder {
 public:
  // Every line field by field: for comparison, the same answer.
  enum class Way : uint8_t { kFast, kByField };
  explicit MinuteDecoder(Layout layout, Way way = Way::kFast)
      : layout_(std::move(layout)), way_(way) {}
  void Decode(const Block& block, DecodeContext& context) const override;
  uint64_t header_lines() const override { return 1; }

 private:
  const Layout layout_;
  const Way way_;
};

}  // namespace plumbago::formats::function_minutes
