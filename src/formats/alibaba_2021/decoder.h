// Lines of MSCallGraph to calls. About 10 million rows/s on one core (alibaba_2021_benchmark.cc).
#pragma once

#include <utility>

#include "formats/alibaba_2021/layout.h"
#include "formats/format.h"

namespace plumbago::formats::alibaba_2021 {

// Immutable; any number of threads.
class Alibaba2021Decoder final : public Decoder {
 public:
  explicit Alibaba2021Decoder(Layout layout) : layout_(std::move(layout)) {}
  void Decode(const Block& block, DecodeContext& context) const override;
  uint64_t header_lines() const override { return layout_.header.empty() ? 0 : 1; }

 private:
  Layout layout_;
};

}  // namespace plumbago::formats::alibaba_2021
