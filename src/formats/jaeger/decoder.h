// Traces of Jaeger's JSON to rows.
//
// A trace's processes stand behind its spans, so up to kMostPending spans are kept until they are
// known; where a trace has more, its end is looked at first. Resources are remembered by their
// text, for as long as a block.
#pragma once

#include <array>
#include <string_view>

#include "formats/format.h"
#include "formats/json/shape.h"

namespace plumbago::formats::jaeger {

// Keys that lead to the array of traces: the API's, and Elasticsearch's.
inline constexpr std::array<std::string_view, 2> kWrappers = {"data", "hits"};
inline constexpr size_t kMostPending = 4096;

// Tags of processes by which we write what Jaeger has no place for.
inline constexpr std::string_view kDroppedKey = "plumbago.dropped_attributes";
inline constexpr std::string_view kJsonKey = "plumbago.json";  // places of arrays and maps

// Immutable; any number of threads.
class JaegerDecoder final : public Decoder {
 public:
  explicit JaegerDecoder(json::Shape shape) : shape_(shape), documents_(kWrappers) {}
  void Decode(const Block& block, DecodeContext& context) const override;
  const Cutter* cutter() const override {
    return shape_ == json::Shape::kLines ? static_cast<const Cutter*>(&lines_) : &documents_;
  }

 private:
  json::Shape shape_;
  json::LineCutter lines_;
  json::DocumentCutter documents_;
};

}  // namespace plumbago::formats::jaeger
