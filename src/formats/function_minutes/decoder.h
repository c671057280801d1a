// Lines of a table with a column a minute to FunctionRows.
//
// Cost: most fields are a lone 0; function_minutes_benchmark.cc.
#pragma once

#include <utility>

#include "formats/format.h"
#include "formats/function_minutes/minute_table.h"

namespace plumbago::formats::function_minutes {

// Immutable; any number of threads.
class MinuteDecoder final : public Decoder {
 public:
  explicit MinuteDecoder(Layout layout) : layout_(std::move(layout)) {}
  void Decode(const Block& block, DecodeContext& context) const override;
  uint64_t header_lines() const override { return 1; }

 private:
  const Layout layout_;
};

}  // namespace plumbago::formats::function_minutes
