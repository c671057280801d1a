// OTLP's JSON to rows. A span is handed on as soon as it is read; resources are remembered by their
// text, for as long as a block.
#pragma once

#include <array>
#include <string_view>

#include "formats/format.h"
#include "formats/json/shape.h"

namespace plumbago::formats::otlp_json {

// Keys that lead to the array of resources.
inline constexpr std::array<std::string_view, 4> kWrappers = {"resourceSpans", "batches", "result",
                                                              "trace"};

// Immutable; any number of threads.
class OtlpJsonDecoder final : public json::ShapedDecoder {
 public:
  explicit OtlpJsonDecoder(json::Shape shape) : ShapedDecoder(shape, kWrappers) {}
  void Decode(const Block& block, DecodeContext& context) const override;
};

}  // namespace plumbago::formats::otlp_json
