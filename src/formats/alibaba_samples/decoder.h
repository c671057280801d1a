// Lines of a resource or rate table to samples.
//
// Cost: rows of 2021's MSResource (three names of 64 characters, two numbers of 17 digits) and of
// 2022's MSRTMCR (18 numbers): alibaba_samples_benchmark.cc.
#pragma once

#include <utility>

#include "formats/alibaba_samples/layout.h"
#include "formats/format.h"

namespace plumbago::formats::alibaba_samples {

// Immutable; any number of threads.
class SampleDecoder final : public Decoder {
 public:
  SampleDecoder(const SampleTable& table, Layout layout)
      : table_(table), layout_(std::move(layout)) {}
  void Decode(const Block& block, DecodeContext& context) const override;
  uint64_t header_lines() const override { return 1; }

 private:
  const SampleTable& table_;
  Layout layout_;
};

}  // namespace plumbago::formats::alibaba_samples
