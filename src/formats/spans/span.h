// A span as every span format gives it, before it becomes a row: views into what the reader holds.
//
// Readers (jaeger, otlp, zipkin, ...) fill it and hand it to SpanBatch; writers get it back from
// RestoreSpan. Names are OpenTelemetry's (trace.proto v1).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/call.h"
#include "model/trace_id.h"

namespace plumbago::formats::spans {

// As OTLP numbers them.
enum class SpanKind : uint8_t {
  kUnspecified,
  kInternal,
  kServer,
  kClient,
  kProducer,
  kConsumer,
};

// The value of an attribute.
struct Value {
  enum class Type : uint8_t {
    kText,
    kBool,    // `integer` is 0 or 1
    kInt,     // `integer`
    kDouble,  // `number`
    kBytes,   // `text`: the bytes themselves
    kJson,    // `text`: arrays and maps, as the JSON of OTLP's AnyValue without blanks:
              // {"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"x"}]}}
  };
  Type type = Type::kText;
  std::string_view text;
  int64_t integer = 0;
  double number = 0;

  static Value Text(std::string_view text) { return {Type::kText, text, 0, 0}; }
  static Value Bool(bool value) { return {Type::kBool, {}, value ? 1 : 0, 0}; }
  static Value Int(int64_t value) { return {Type::kInt, {}, value, 0}; }
  static Value Double(double value) { return {Type::kDouble, {}, 0, value}; }
};

struct Attribute {
  std::string_view key;
  Value value;
};

// What happened at one moment of a span (Jaeger: a log, Zipkin: an annotation).
struct Event {
  int64_t time_ns = 0;
  std::string_view name;
  std::span<const Attribute> attributes;
  uint32_t dropped_attributes = 0;
};

// To a span of this or another trace that caused this one, other than its parent.
struct Link {
  model::TraceId trace;
  uint64_t span = 0;
  std::string_view trace_state;
  std::span<const Attribute> attributes;
  uint32_t dropped_attributes = 0;
  uint32_t flags = 0;
  bool child_of = false;  // Jaeger: a second reference CHILD_OF; OTLP has no such thing
};

// Who wrote spans: a process, pod, function. One for many spans, so what it tells is looked up
// once: SpanBatch keeps the ids in it.
struct Resource {
  std::string_view service;               // service.name, if it is a text; else ""
  std::span<const Attribute> attributes;  // without service.name where that is a text
  uint32_t dropped_attributes = 0;

  // SpanBatch's. A reader that fills the resource anew sets `known` to false.
  mutable bool known = false;
  mutable model::ServiceId service_id = model::kNoService;
  mutable model::InstanceId instance_id = model::kNoInstance;
  mutable uint64_t attributes_of = 0;  // the SpanBatch that has the ids of `attributes`, and where
  mutable uint32_t attributes_begin = 0, attributes_count = 0;
};

// The library that wrote spans.
struct Scope {
  std::string_view name;
  std::string_view version;
  std::span<const Attribute> attributes;
  uint32_t dropped_attributes = 0;
};

struct Span {
  model::TraceId trace;                  // of ParseTraceId or MakeTraceId
  uint64_t id = 0;                       // never 0 in a span that a reader hands on
  uint64_t parent = 0;                   // 0: none
  int64_t start_ns = model::kNoTime;     // since 1970
  int64_t duration_ns = model::kNoTime;  // negative: it ends before it starts; SpanBatch mends that
  std::string_view name;
  SpanKind kind = SpanKind::kUnspecified;
  model::Status status = model::Status::kUnset;
  bool follows_from = false;  // Jaeger: the parent is a reference FOLLOWS_FROM
  bool shared = false;        // Zipkin: the client's half has the same id
  bool from_store = false;    // of a store that delivers spans more than once (Tempo, ClickHouse)
  uint32_t flags = 0;
  std::string_view status_message;
  std::string_view trace_state;        // W3C
  const Resource* resource = nullptr;  // never nullptr in a span that is handed on
  const Scope* scope = nullptr;        // nullptr: not told
  std::span<const Attribute> attributes;
  std::span<const Event> events;
  std::span<const Link> links;
  uint32_t dropped_attributes = 0;
  uint32_t dropped_events = 0;
  uint32_t dropped_links = 0;
};

}  // namespace plumbago::formats::spans
