// Lines of a table of durations or memory to FunctionRows.
#pragma once

#include <utility>

#include "formats/format.h"
#include "formats/function_tables/statistics_table.h"

namespace plumbago::formats::function_tables {

// Immutable; any number of threads.
class StatisticsDecoder final : public Decoder {
 public:
  explicit StatisticsDecoder(StatisticsLayout layout) : layout_(std::move(layout)) {}
  void Decode(const Block& block, DecodeContext& context) const override;
  uint64_t header_lines() const override { return 1; }

 private:
  const StatisticsLayout layout_;
};

}  // namespace plumbago::formats::function_tables
