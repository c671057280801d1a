// Spans of Zipkin's JSON to rows, each as soon as it is read.
#pragma once

#include <array>
#include <string_view>

#include "formats/format.h"
#include "formats/json/shape.h"
#include "formats/json/span_builder.h"

namespace plumbago::formats::zipkin {

// Elasticsearch's answers.
inline constexpr std::array<std::string_view, 1> kWrappers = {"hits"};
// Tags are texts, and there is little else.
inline constexpr json::Places kPlaces{.shared = true};

// Immutable; any number of threads.
class ZipkinDecoder final : public json::ShapedDecoder {
 public:
  explicit ZipkinDecoder(json::Shape shape) : ShapedDecoder(shape, kWrappers) {}
  void Decode(const Block& block, DecodeContext& context) const override;
};

}  // namespace plumbago::formats::zipkin
