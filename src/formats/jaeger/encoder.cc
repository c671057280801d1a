#include "formats/jaeger/encoder.h"

#include <string>
#include <unordered_map>

#include "formats/jaeger/decoder.h"
#include "formats/json/span_builder.h"
#include "formats/json/text_writer.h"
#include "formats/spans/span_details.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::jaeger {
namespace {

using json::AppendInt;
using json::AppendText;
using model::kNoTime;
using spans::Attribute;
using spans::Value;

std::string_view KindText(spans::SpanKind kind) {
  switch (kind) {
    case spans::SpanKind::kUnspecified:
      return {};
    case spans::SpanKind::kInternal:
      return "internal";
    case spans::SpanKind::kServer:
      return "server";
    case spans::SpanKind::kClient:
      return "client";
    case spans::SpanKind::kProducer:
      return "producer";
    case spans::SpanKind::kConsumer:
      return "consumer";
  }
  return {};
}

// One trace as it grows.
class TraceWriter {
 public:
  explicit TraceWriter(std::string& out) : out_(out) {}

  void Begin(const model::TraceId& id) {
    out_ += "{\"traceID\":\"";
    spans::AppendTraceId(id, out_);
    out_ += "\",\"spans\":[";
    spans_ = 0;
    processes_.clear();
    texts_.clear();
  }
  void Add(const spans::Span& span);
  void End() {
    out_ += "],\"processes\":{";
    out_ += texts_;
    out_ += "}}";
  }

 private:
  void Tag(std::string_view prefix, std::string_view key, const Value& value, std::string& out) {
    if (out.back() == '}') out += ',';
    out += "{\"key\":";
    if (prefix.empty()) {
      AppendText(key, out);
    } else {
      name_.assign(prefix).append(key);
      AppendText(name_, out);
    }
    switch (value.type) {
      case Value::Type::kText:
      case Value::Type::kJson:
        out += ",\"type\":\"string\",\"value\":";
        AppendText(value.text, out);
        break;
      case Value::Type::kBool:
        out += ",\"type\":\"bool\",\"value\":";
        out += value.integer != 0 ? "true" : "false";
        break;
      case Value::Type::kInt:
        out += ",\"type\":\"int64\",\"value\":";
        AppendInt(value.integer, out);
        break;
      case Value::Type::kDouble:
        out += ",\"type\":\"float64\",\"value\":";
        json::AppendDouble(value.number, out);
        break;
      case Value::Type::kBytes:
        out += ",\"type\":\"binary\",\"value\":\"";
        json::AppendBase64(value.text, out);
        out += '"';
        break;
    }
    out += '}';
  }
  size_t ProcessOf(const spans::Resource& resource);
  void Reference(const model::TraceId& trace, uint64_t span, bool child_of) {
    if (out_.back() == '}') out_ += ',';
    out_ += child_of ? "{\"refType\":\"CHILD_OF\",\"traceID\":\""
                     : "{\"refType\":\"FOLLOWS_FROM\",\"traceID\":\"";
    spans::AppendTraceId(trace, out_);
    out_ += "\",\"spanID\":\"";
    spans::AppendSpanId(span, out_);
    out_ += "\"}";
  }

  std::string& out_;
  size_t spans_ = 0;
  std::unordered_map<std::string, size_t> processes_;
  std::string texts_;
  std::string process_, rest_, name_;
};

size_t TraceWriter::ProcessOf(const spans::Resource& resource) {
  process_ = "{\"serviceName\":";
  AppendText(resource.service, process_);
  process_ += ",\"tags\":[";
  rest_.clear();
  for (const Attribute& attribute : resource.attributes) {
    Tag({}, attribute.key, attribute.value, process_);
    if (attribute.value.type != Value::Type::kJson) continue;
    if (!rest_.empty()) rest_ += ' ';
    AppendInt(&attribute - resource.attributes.data(), rest_);
  }
  if (!rest_.empty()) Tag({}, kJsonKey, Value::Text(rest_), process_);
  if (resource.dropped_attributes != 0)
    Tag({}, kDroppedKey, Value::Int(resource.dropped_attributes), process_);
  process_ += "]}";
  const auto [found, added] = processes_.try_emplace(process_, processes_.size() + 1);
  if (added) {
    if (!texts_.empty()) texts_ += ',';
    texts_ += "\"p";
    AppendInt(static_cast<int64_t>(found->second), texts_);
    texts_ += "\":";
    texts_ += process_;
  }
  return found->second;
}

void TraceWriter::Add(const spans::Span& span) {
  if (spans_++ > 0) out_ += ',';
  out_ += "{\"traceID\":\"";
  spans::AppendTraceId(span.trace, out_);
  out_ += "\",\"spanID\":\"";
  spans::AppendSpanId(span.id, out_);
  out_ += "\",\"flags\":";
  AppendInt(span.flags, out_);
  out_ += ",\"operationName\":";
  AppendText(span.name, out_);

  // The parent is the first reference; a reader takes the first CHILD_OF of the trace, else the
  // first of the trace.
  int64_t parent = -1, by_rule = -2, next = 0;
  bool by_rule_child = false;
  const auto rule = [&](const model::TraceId& trace, bool child_of) {
    if (trace == span.trace && (by_rule == -2 || (child_of && !by_rule_child))) {
      by_rule = next;
      by_rule_child = child_of;
    }
    ++next;
  };
  out_ += ",\"references\":[";
  if (span.parent != 0) {
    parent = 0;
    rule(span.trace, !span.follows_from);
    Reference(span.trace, span.parent, !span.follows_from);
  }
  for (const spans::Link& link : span.links) {
    rule(link.trace, link.child_of);
    Reference(link.trace, link.span, link.child_of);
  }
  if (by_rule == -2) by_rule = -1;

  out_ += "],\"startTime\":";
  AppendInt(span.start_ns == kNoTime ? 0 : json::MicrosOf(span.start_ns), out_);
  out_ += ",\"duration\":";
  AppendInt(span.duration_ns < 0 ? 0 : span.duration_ns / 1000, out_);
  out_ += ",\"tags\":[";
  for (const Attribute& attribute : span.attributes) {
    Tag(json::IsTagKey(attribute.key) ? json::kAttributeKey : std::string_view(), attribute.key,
        attribute.value, out_);
  }
  if (const std::string_view kind = KindText(span.kind); !kind.empty())
    Tag({}, "span.kind", Value::Text(kind), out_);
  json::ForConventionTags(
      span, [this](std::string_view key, const Value& value) { Tag({}, key, value, out_); });
  rest_.clear();
  json::AppendRest(span, kPlaces, parent, by_rule, rest_);
  if (!rest_.empty()) Tag({}, json::kRestKey, Value::Text(rest_), out_);
  out_ += "],\"logs\":[";
  for (const spans::Event& event : span.events) {
    if (out_.back() == '}') out_ += ',';
    out_ += "{\"timestamp\":";
    AppendInt(event.time_ns == kNoTime ? 0 : json::MicrosOf(event.time_ns), out_);
    out_ += ",\"fields\":[";
    bool own = !event.name.empty();
    for (const Attribute& attribute : event.attributes) own |= attribute.key == "event";
    if (own) Tag({}, "event", Value::Text(event.name), out_);
    for (const Attribute& attribute : event.attributes)
      Tag({}, attribute.key, attribute.value, out_);
    out_ += "]}";
  }
  out_ += "],\"processID\":\"p";
  AppendInt(static_cast<int64_t>(ProcessOf(*span.resource)), out_);
  out_ += "\",\"warnings\":null}";
}

}  // namespace

void JaegerEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                           std::string& out) const {
  spans::RestoredSpan restored;
  TraceWriter trace(out);
  bool first = true;
  model::TraceId id;
  for (const model::Call& call : batch.calls) {
    if (!restored.Restore(call, batch.Details(call), names)) continue;
    if (first || call.trace != id) {
      if (!first) {
        trace.End();
        out += Between();
      }
      first = false;
      id = call.trace;
      trace.Begin(id);
    }
    trace.Add(restored.span());
  }
  if (!first) trace.End();
}

}  // namespace plumbago::formats::jaeger
