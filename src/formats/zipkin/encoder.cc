#include "formats/zipkin/encoder.h"

#include <charconv>
#include <string>

#include "formats/json/span_builder.h"
#include "formats/json/text_writer.h"
#include "formats/spans/span_details.h"
#include "formats/spans/span_ids.h"
#include "formats/zipkin/decoder.h"

namespace plumbago::formats::zipkin {
namespace {

using json::AppendInt;
using json::AppendText;
using model::kNoTime;
using spans::Attribute;
using spans::Value;

std::string_view KindText(spans::SpanKind kind) {
  switch (kind) {
    case spans::SpanKind::kUnspecified:
    case spans::SpanKind::kInternal:
      return {};
    case spans::SpanKind::kServer:
      return "SERVER";
    case spans::SpanKind::kClient:
      return "CLIENT";
    case spans::SpanKind::kProducer:
      return "PRODUCER";
    case spans::SpanKind::kConsumer:
      return "CONSUMER";
  }
  return {};
}

void AppendTagValue(const Value& value, std::string& out) {
  char digits[32];
  switch (value.type) {
    case Value::Type::kText:
    case Value::Type::kJson:
      return AppendText(value.text, out);
    case Value::Type::kBool:
      out += value.integer != 0 ? "\"true\"" : "\"false\"";
      return;
    case Value::Type::kInt:
      out += '"';
      AppendInt(value.integer, out);
      out += '"';
      return;
    case Value::Type::kDouble:
      out += '"';
      out.append(digits, std::to_chars(digits, digits + sizeof digits, value.number).ptr);
      out += '"';
      return;
    case Value::Type::kBytes:
      out += '"';
      json::AppendBase64(value.text, out);
      out += '"';
      return;
  }
}

class SpanWriter {
 public:
  explicit SpanWriter(std::string& out) : out_(out) {}

  void Write(const spans::Span& span) {
    out_ += "{\"traceId\":\"";
    spans::AppendTraceId(span.trace, out_);
    out_ += "\",\"id\":\"";
    spans::AppendSpanId(span.id, out_);
    if (span.parent != 0) {
      out_ += "\",\"parentId\":\"";
      spans::AppendSpanId(span.parent, out_);
    }
    out_ += "\",\"name\":";
    AppendText(span.name, out_);
    if (const std::string_view kind = KindText(span.kind); !kind.empty()) {
      out_ += ",\"kind\":\"";
      out_ += kind;
      out_ += '"';
    }
    if (span.start_ns != kNoTime) {
      out_ += ",\"timestamp\":";
      AppendInt(json::MicrosOf(span.start_ns), out_);
    }
    if (span.duration_ns >= 0) {  // kNoTime is negative
      out_ += ",\"duration\":";
      AppendInt(span.duration_ns / 1000, out_);
    }
    if (span.shared) out_ += ",\"shared\":true";
    out_ += ",\"localEndpoint\":{\"serviceName\":";
    AppendText(span.resource->service, out_);
    out_ += '}';
    for (const Attribute& attribute : span.attributes) {  // for Zipkin's own screens
      if (attribute.key != "peer.service" || attribute.value.type != Value::Type::kText ||
          attribute.value.text.empty())
        continue;
      out_ += ",\"remoteEndpoint\":{\"serviceName\":";
      AppendText(attribute.value.text, out_);
      out_ += '}';
      break;
    }
    if (!span.events.empty()) {
      out_ += ",\"annotations\":[";
      for (const spans::Event& event : span.events) {
        if (&event != span.events.data()) out_ += ',';
        out_ += "{\"timestamp\":";
        AppendInt(event.time_ns == kNoTime ? 0 : json::MicrosOf(event.time_ns), out_);
        out_ += ",\"value\":";
        AppendText(event.name, out_);
        out_ += '}';
      }
      out_ += ']';
    }
    WriteTags(span);
    out_ += '}';
  }

 private:
  void WriteTags(const spans::Span& span) {
    first_ = true;
    for (const Attribute& attribute : span.attributes) {
      if (json::IsTagKey(attribute.key)) {
        name_.assign(json::kAttributeKey).append(attribute.key);
        Tag(name_, attribute.value);
      } else {
        Tag(attribute.key, attribute.value);
      }
    }
    json::ForConventionTags(span,
                            [this](std::string_view key, const Value& value) { Tag(key, value); });
    rest_.clear();
    json::AppendRest(span, kPlaces, -1, -1, rest_);
    if (!rest_.empty()) Tag(json::kRestKey, Value::Text(rest_));
    if (!first_) out_ += '}';
  }
  void Tag(std::string_view key, const Value& value) {
    out_ += first_ ? ",\"tags\":{" : ",";
    first_ = false;
    AppendText(key, out_);
    out_ += ':';
    AppendTagValue(value, out_);
  }

  std::string& out_;
  bool first_ = true;
  std::string name_, rest_;
};

}  // namespace

void ZipkinEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                           std::string& out) const {
  spans::RestoredSpan restored;
  SpanWriter writer(out);
  bool first = true;
  for (const model::Call& call : batch.calls) {
    if (!restored.Restore(call, batch.Details(call), names)) continue;
    if (!first) out += Between();
    first = false;
    writer.Write(restored.span());
  }
}

}  // namespace plumbago::formats::zipkin
