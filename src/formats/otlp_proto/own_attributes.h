// What spans of other formats tell and OTLP has no field for: attributes that the readers of OTLP
// take back.
#pragma once

#include <string_view>

namespace plumbago::formats::otlp_proto {

// Of a span, true: its parent is a reference FOLLOWS_FROM (Jaeger).
inline constexpr std::string_view kFollowsFromKey = "plumbago.follows_from";
// Of a span, true: the client's half has the same id (Zipkin).
inline constexpr std::string_view kSharedKey = "plumbago.shared";
// Of a link, "child_of": a second parent (Jaeger). OpenTelemetry's name for it.
inline constexpr std::string_view kRefTypeKey = "opentracing.ref_type";
inline constexpr std::string_view kChildOf = "child_of";

}  // namespace plumbago::formats::otlp_proto
