// Lines of CallGraph to calls, by the same steps as those of 2021.
#pragma once

#include <utility>

#include "formats/alibaba_2022/layout.h"
#include "formats/format.h"

namespace plumbago::formats::alibaba_2022 {

// Immutable; any number of threads.
class Alibaba2022Decoder final : public Decoder {
 public:
  explicit Alibaba2022Decoder(Layout layout) : layout_(std::move(layout)) {}
  void Decode(const Block& block, DecodeContext& context) const override;
  uint64_t header_lines() const override { return layout_.header.empty() ? 0 : 1; }

 private:
  Layout layout_;
};

}  // namespace plumbago::formats::alibaba_2022
