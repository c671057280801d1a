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
#include "formats/json/span_builder.h"

namespace plumbago::formats::jaeger {

// Keys that lead to the array of traces: the API's, and Elasticsearch's.
inline constexpr std::array<std::string_view, 2> kWrappers = {"data", "hits"};
inline constexpr size_t kMostPending = 4096;
inline constexpr json::Places kPlaces{.types = true,
                                      .kinds = true,
                                      .resource = true,
                                      .flags = true,
                                      .follows_from = true,
                                      .links = true,
                                      .event_attributes = true};

// Tags of processes by which we write what Jaeger has no place for.
inline constexpr std::string_view kDroppedKey = "plumbago.dropped_attributes";
inline constexpr std::string_view kJsonKey = "plumbago.json";  // places of arrays and maps

// Immutable; any number of threads.
class JaegerDecoder final : public json::ShapedDecoder {
 public:
  explicit JaegerDecoder(json::Shape shape) : ShapedDecoder(shape, kWrappers) {}
  void Decode(const Block& block, DecodeContext& context) const override;
};

}  // namespace plumbago::formats::jaeger
