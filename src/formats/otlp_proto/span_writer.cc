#include "formats/otlp_proto/span_writer.h"

#include "formats/otlp_proto/any_value.h"
#include "formats/otlp_proto/fields.h"
#include "formats/otlp_proto/own_attributes.h"
#include "formats/protobuf/wire_writer.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::otlp_proto {
namespace {

using protobuf::WireWriter;
using spans::Value;

// Writes fields in the order of their numbers, empty ones not at all, as libprotobuf does.
class MessageWriter {
 public:
  explicit MessageWriter(std::string* out) : out_(out), wire_(out) {}

  WireWriter& wire() { return wire_; }
  void Text(uint32_t field, std::string_view text) {
    if (!text.empty()) wire_.Bytes(field, text);
  }
  void Count(uint32_t field, uint64_t count) {
    if (count != 0) wire_.Varint(field, count);
  }
  void Flags(uint32_t field, uint32_t flags) {
    if (flags != 0) wire_.Fixed32(field, flags);
  }
  void TraceId(uint32_t field, const model::TraceId& id) {
    const spans::TraceIdBits bits = spans::BitsOf(id);
    char bytes[16];
    BigEndian(bits.hi, bytes);
    BigEndian(bits.lo, bytes + 8);
    wire_.Bytes(field, {bytes, 16});
  }
  void SpanId(uint32_t field, uint64_t id) {
    char bytes[8];
    BigEndian(id, bytes);
    wire_.Bytes(field, {bytes, 8});
  }
  void Pair(uint32_t field, std::string_view key, const Value& value) {
    const size_t pair = wire_.Begin(field);
    wire_.Bytes(of_key_value::kKey, key);
    const size_t begin = wire_.Begin(of_key_value::kValue);
    WriteValue(value, *out_);
    wire_.End(begin);
    wire_.End(pair);
  }
  void Pairs(uint32_t field, std::span<const spans::Attribute> attributes) {
    for (const spans::Attribute& attribute : attributes)
      Pair(field, attribute.key, attribute.value);
  }

 private:
  static void BigEndian(uint64_t value, char* bytes) {
    value = __builtin_bswap64(value);
    std::memcpy(bytes, &value, sizeof value);
  }

  std::string* out_;
  WireWriter wire_;
};

void WriteEvent(const spans::Event& event, std::string& out) {
  MessageWriter message(&out);
  if (event.time_ns != 0)
    message.wire().Fixed64(of_event::kTime, static_cast<uint64_t>(event.time_ns));
  message.Text(of_event::kName, event.name);
  message.Pairs(of_event::kAttributes, event.attributes);
  message.Count(of_event::kDroppedAttributes, event.dropped_attributes);
}

void WriteLink(const spans::Link& link, std::string& out) {
  MessageWriter message(&out);
  message.TraceId(of_link::kTraceId, link.trace);
  message.SpanId(of_link::kSpanId, link.span);
  message.Text(of_link::kTraceState, link.trace_state);
  message.Pairs(of_link::kAttributes, link.attributes);
  if (link.child_of) message.Pair(of_link::kAttributes, kRefTypeKey, Value::Text(kChildOf));
  message.Count(of_link::kDroppedAttributes, link.dropped_attributes);
  message.Flags(of_link::kFlags, link.flags);
}

}  // namespace

void WriteResource(const spans::Resource& resource, std::string& out) {
  MessageWriter message(&out);
  if (!resource.service.empty())
    message.Pair(of_resource::kAttributes, "service.name", Value::Text(resource.service));
  message.Pairs(of_resource::kAttributes, resource.attributes);
  message.Count(of_resource::kDroppedAttributes, resource.dropped_attributes);
}

void WriteScope(const spans::Scope& scope, std::string& out) {
  MessageWriter message(&out);
  message.Text(of_scope::kName, scope.name);
  message.Text(of_scope::kVersion, scope.version);
  message.Pairs(of_scope::kAttributes, scope.attributes);
  message.Count(of_scope::kDroppedAttributes, scope.dropped_attributes);
}

void WriteSpan(const spans::Span& span, std::string& out) {
  MessageWriter message(&out);
  WireWriter& wire = message.wire();
  message.TraceId(of_span::kTraceId, span.trace);
  message.SpanId(of_span::kSpanId, span.id);
  message.Text(of_span::kTraceState, span.trace_state);
  if (span.parent != 0) message.SpanId(of_span::kParentSpanId, span.parent);
  message.Text(of_span::kName, span.name);
  message.Count(of_span::kKind, static_cast<uint64_t>(span.kind));
  // Zero is written too: what is left out is not known.
  const auto start = static_cast<uint64_t>(span.start_ns);
  if (span.start_ns != model::kNoTime) {
    wire.Fixed64(of_span::kStart, start);
    if (span.duration_ns != model::kNoTime)
      wire.Fixed64(of_span::kEnd, start + static_cast<uint64_t>(span.duration_ns));
  }
  message.Pairs(of_span::kAttributes, span.attributes);
  if (span.follows_from) message.Pair(of_span::kAttributes, kFollowsFromKey, Value::Bool(true));
  if (span.shared) message.Pair(of_span::kAttributes, kSharedKey, Value::Bool(true));
  message.Count(of_span::kDroppedAttributes, span.dropped_attributes);
  for (const spans::Event& event : span.events) {
    const size_t begin = wire.Begin(of_span::kEvents);
    WriteEvent(event, out);
    wire.End(begin);
  }
  message.Count(of_span::kDroppedEvents, span.dropped_events);
  for (const spans::Link& link : span.links) {
    const size_t begin = wire.Begin(of_span::kLinks);
    WriteLink(link, out);
    wire.End(begin);
  }
  message.Count(of_span::kDroppedLinks, span.dropped_links);
  if (!span.status_message.empty() || span.status != model::Status::kUnset) {
    const size_t status = wire.Begin(of_span::kStatus);
    message.Text(of_status::kMessage, span.status_message);
    message.Count(of_status::kCode, static_cast<uint64_t>(span.status));
    wire.End(status);
  }
  message.Flags(of_span::kFlags, span.flags);
}

}  // namespace plumbago::formats::otlp_proto
