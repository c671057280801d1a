// What the attributes of a span and its resource mean: by OpenTelemetry's semantic conventions
// (1.44.0), old names and new, and by OpenTracing's tags, which old Jaeger clients write. The only
// place where such names stand; docs/formats/spans.md says what becomes of each.
//
// One pass over the attributes, about 2 ns for each. Views point into the span, the resource or
// `scratch`. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "formats/spans/span.h"
#include "model/attribute_cache.h"
#include "model/call.h"

namespace plumbago::formats::spans {

struct Meaning {
  // Producers and consumers: message; internal spans: internal; else by the attributes.
  model::Kind kind = model::Kind::kUnknown;
  // Clients and producers: the service that was called, or a name for what writes no spans
  // ("redis/cart-cache", "kafka/orders"). Consumers: the queue. Else, or where nothing tells:
  // empty.
  std::string_view peer;
  // A client's span that takes messages from a queue (`messaging.operation.type` receive or
  // process): what newer libraries write where older ones wrote a consumer's. `peer` is the queue.
  bool receives = false;
};
// `scratch` is overwritten; `peer` may point into it.
Meaning MeaningOf(const Span& span, std::string& scratch);

// The container, pod or host that wrote the spans of a resource; empty: not told.
std::string_view InstanceOf(const Resource& resource);

// Where a resource runs; empty: not told.
struct Place {
  std::string_view cluster;
  std::string_view zone;
  std::string_view region;
  std::string_view node;
};
Place PlaceOf(const Resource& resource);

// What analyses compare of an attribute's values: nothing of those that tell what the row tells
// (kind, status), or how the span came to be written.
model::AttributeUse UseOf(std::string_view key);

// How many spans this one stands for: 1 / probability, from the threshold `ot=th:` of a W3C
// tracestate (T of up to 14 hex digits, zeros at its right left out: 2^56 / (2^56 - T)). 1 where it
// is not told, or is no such number.
float WeightOf(std::string_view trace_state);

}  // namespace plumbago::formats::spans
