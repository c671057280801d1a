#include "formats/otlp_json/decoder.h"

#include <string>
#include <vector>

#include "formats/json/any_value.h"
#include "formats/json/pool.h"
#include "formats/json/record_reader.h"
#include "formats/json/resources.h"
#include "formats/otlp_proto/own_attributes.h"
#include "formats/spans/span_details.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::otlp_json {
namespace {

using json::Cursor;
using spans::Attribute;
using spans::SpanKind;
using spans::Value;

constexpr int kMostDepth = 16;

struct OtlpScratch {
  json::Scratch json;
  std::vector<Attribute> resource, scope, attributes, nested;
  std::vector<spans::Event> events;
  std::vector<spans::Link> links;
  json::Pool<Attribute> pool;  // of events and links
};

uint64_t BigEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

class OtlpReader final : public json::RecordReader {
 public:
  OtlpReader(const Block& block, DecodeContext& context, OtlpScratch& scratch)
      : RecordReader(block, context, scratch.json, kWrappers),
        details_(context.details),
        scratch_(scratch) {}

 private:
  // A TracesData, what holds some, or a ResourceSpans.
  bool Record() override {
    if (depth_ >= kMostDepth) return json.Fail("resourceSpans, in at most 16 arrays and objects");
    ++depth_;
    const bool ok =
        json.Peek() == '[' ? Elements(Array::kRecords, [this] { return Record(); }) : Document();
    --depth_;
    return ok;
  }

  bool Document() {
    resource_ = &nobody_;
    bool resource_known = false;
    const uint32_t* before = nullptr;  // spans that stand before their resource
    const bool ok = json.Object([&](std::string_view key) {
      switch (key.size()) {
        case 5:
          if (key == "trace") return Inner();
          break;
        case 6:
          if (key == "result") return Inner();
          break;
        case 7:
          if (key == "batches") return Inner();
          break;
        case 8:
          if (key == "resource") {
            resource_known = true;
            return json.TakeNull() || Resource();
          }
          break;
        case 10:
          if (key == "scopeSpans") {
            if (resource_known) return ScopeSpans();
            before = json.at();
            return json.Skip();
          }
          break;
        case 13:
          if (key == "resourceSpans") return Inner();
          break;
        case 27:
          if (key == "instrumentationLibrarySpans") {
            if (resource_known) return ScopeSpans();
            before = json.at();
            return json.Skip();
          }
          break;
        default:
          break;
      }
      return json.Skip();
    });
    if (!ok || before == nullptr) return ok;
    const uint32_t* const end = json.at();
    json.GoTo(before);
    if (!ScopeSpans()) return false;
    json.GoTo(end);
    return true;
  }

  bool Inner() { return json.TakeNull() || Record(); }

  bool Resource() {
    const std::string_view text = json.Here();
    resource_ = resources_.Find(text);
    if (resource_ != nullptr) return json.Skip();
    resource_ = &nobody_;
    spans::Resource made;
    std::vector<Attribute>& attributes = scratch_.resource;
    attributes.clear();
    const bool ok = json.Object([&](std::string_view key) {
      if (key == "attributes") return json::ReadAttributes(json, attributes);
      if (key == "droppedAttributesCount") return json.Uint32(made.dropped_attributes);
      return json.Skip();
    });
    if (!ok) return false;
    for (size_t i = 0; i < attributes.size(); ++i) {
      if (attributes[i].key != "service.name" || attributes[i].value.type != Value::Type::kText)
        continue;
      made.service = attributes[i].value.text;
      attributes.erase(attributes.begin() + static_cast<ptrdiff_t>(i));
      break;
    }
    made.attributes = attributes;
    resource_ = resources_.Add(text, made);
    return true;
  }

  bool ScopeSpans() {
    if (json.TakeNull()) return true;
    return Elements(Array::kWithin, [this] {
      scope_ = {};
      scratch_.scope.clear();
      bool scope_known = false;
      has_scope_ = false;
      const uint32_t* before = nullptr;
      const bool ok = json.Object([&](std::string_view key) {
        if (key == "scope" || key == "instrumentationLibrary") {
          scope_known = true;
          return json.TakeNull() || Scope();
        }
        if (key == "spans") {
          if (json.TakeNull()) return true;
          if (scope_known || !ScopeFollows())
            return Elements(Array::kWithin, [this] { return Span(); });
          before = json.at();
          return json.Skip();
        }
        return json.Skip();
      });
      if (!ok || before == nullptr) return ok;
      const uint32_t* const end = json.at();
      json.GoTo(before);
      if (!Elements(Array::kWithin, [this] { return Span(); })) return false;
      json.GoTo(end);
      return true;
    });
  }

  // At the spans of a scope that has not been named yet: is it named behind them?
  bool ScopeFollows() const {
    Cursor look = json;
    if (!look.Skip()) return false;
    while (look.TakeIf(',')) {
      std::string_view key;
      if (!look.String(key) || !look.Take(':')) return false;
      if (key == "scope" || key == "instrumentationLibrary") return true;
      if (!look.Skip()) return false;
    }
    return false;
  }

  bool Scope() {
    has_scope_ = true;
    const bool ok = json.Object([&](std::string_view key) {
      if (key == "name") return json.StringOrNull(scope_.name);
      if (key == "version") return json.StringOrNull(scope_.version);
      if (key == "attributes") return json::ReadAttributes(json, scratch_.scope);
      if (key == "droppedAttributesCount") return json.Uint32(scope_.dropped_attributes);
      return json.Skip();
    });
    scope_.attributes = scratch_.scope;
    return ok;
  }

  // Hex, or base64 as Tempo has it: 8 bytes of it end in =, 16 in ==.
  bool TraceId(model::TraceId& id, bool& known) {
    const uint32_t* const at = json.at();
    std::string_view text;
    if (!json.StringOrNull(text)) return false;
    if (text.ends_with('=')) {
      std::string_view bytes;
      if (!json::DecodeBase64(text, *json.arena(), bytes) || bytes.size() > 16)
        return json.FailAt(at, "a traceId of 32 hex digits, or base64 of 16 bytes");
      const size_t upper = bytes.size() > 8 ? bytes.size() - 8 : 0;
      id = spans::MakeTraceId(BigEndian(bytes.substr(0, upper)), BigEndian(bytes.substr(upper)));
      known = (id.hi | id.lo) != 0;
      return true;
    }
    known = spans::ParseTraceId(text, id);
    return true;
  }
  bool SpanId(uint64_t& id) {
    const uint32_t* const at = json.at();
    std::string_view text;
    if (!json.StringOrNull(text)) return false;
    id = 0;
    if (text.empty()) return true;
    if (text.ends_with('=')) {
      std::string_view bytes;
      if (!json::DecodeBase64(text, *json.arena(), bytes) || bytes.size() > 8)
        return json.FailAt(at, "a span's id of 16 hex digits, or base64 of 8 bytes");
      id = BigEndian(bytes);
      return true;
    }
    return spans::ParseSpanId(text, id) || text.find_first_not_of('0') == text.npos ||
           json.FailAt(at, "a span's id of 16 hex digits, or base64 of 8 bytes");
  }

  bool Kind(SpanKind& kind) {
    if (json.Peek() != '"') {
      uint32_t number = 0;
      if (!json.Uint32(number)) return false;
      kind = number <= 5 ? static_cast<SpanKind>(number) : SpanKind::kUnspecified;
      return true;
    }
    std::string_view text;
    if (!json.String(text)) return false;
    if (text.starts_with("SPAN_KIND_")) text.remove_prefix(10);
    kind = text == "SERVER" || text == "2"     ? SpanKind::kServer
           : text == "CLIENT" || text == "3"   ? SpanKind::kClient
           : text == "PRODUCER" || text == "4" ? SpanKind::kProducer
           : text == "CONSUMER" || text == "5" ? SpanKind::kConsumer
           : text == "INTERNAL" || text == "1" ? SpanKind::kInternal
                                               : SpanKind::kUnspecified;
    return true;
  }

  bool Status(spans::Span& span) {
    if (json.TakeNull()) return true;
    return json.Object([&](std::string_view key) {
      if (key == "message") return json.StringOrNull(span.status_message);
      if (key != "code") return json.Skip();
      std::string_view text;
      uint32_t code = 0;
      if (json.Peek() == '"') {
        if (!json.String(text)) return false;
        code = text == "STATUS_CODE_ERROR" || text == "2" ? 2
               : text == "STATUS_CODE_OK" || text == "1"  ? 1
                                                          : 0;
      } else if (!json.Uint32(code)) {
        return false;
      }
      span.status = code == 2   ? model::Status::kError
                    : code == 1 ? model::Status::kOk
                                : model::Status::kUnset;
      return true;
    });
  }

  bool Attributes(spans::Span& span) {
    if (json.TakeNull()) return true;
    std::vector<Attribute>& attributes = scratch_.attributes;
    return json.Array([&] {
      Attribute& attribute = attributes.emplace_back();
      const bool ok = json::ReadAttribute(json, attribute);
      if (spans::IsOwnKey(attribute.key)) [[unlikely]] {
        bool* const flag = attribute.key == otlp_proto::kFollowsFromKey ? &span.follows_from
                           : attribute.key == otlp_proto::kSharedKey    ? &span.shared
                                                                        : nullptr;
        if (flag != nullptr && attribute.value.type == Value::Type::kBool) {
          *flag = attribute.value.integer != 0;
          attributes.pop_back();
        }
      }
      return ok;
    });
  }

  bool Events() {
    if (!details_) return json.Skip();
    if (json.TakeNull()) return true;
    return json.Array([&] {
      spans::Event event;
      std::vector<Attribute>& attributes = scratch_.nested;
      attributes.clear();
      const bool ok = json.Object([&](std::string_view key) {
        if (key == "timeUnixNano") return json.TakeNull() || json.Integer(event.time_ns);
        if (key == "name") return json.StringOrNull(event.name);
        if (key == "attributes") return json::ReadAttributes(json, attributes);
        if (key == "droppedAttributesCount") return json.Uint32(event.dropped_attributes);
        return json.Skip();
      });
      event.attributes = scratch_.pool.Copy(attributes);
      scratch_.events.push_back(event);
      return ok;
    });
  }

  bool Links() {
    if (json.TakeNull()) return true;
    return json.Array([&] {
      spans::Link link;
      bool trace = false;
      std::vector<Attribute>& attributes = scratch_.nested;
      attributes.clear();
      const bool ok = json.Object([&](std::string_view key) {
        if (key == "traceId") return TraceId(link.trace, trace);
        if (key == "spanId") return SpanId(link.span);
        if (key == "traceState") return json.StringOrNull(link.trace_state);
        if (key == "attributes") return json::ReadAttributes(json, attributes);
        if (key == "droppedAttributesCount") return json.Uint32(link.dropped_attributes);
        if (key == "flags") return json.Uint32(link.flags);
        return json.Skip();
      });
      if (!ok) return false;
      for (size_t i = 0; i < attributes.size(); ++i) {
        if (attributes[i].key != otlp_proto::kRefTypeKey ||
            attributes[i].value.text != otlp_proto::kChildOf)
          continue;
        link.child_of = true;
        attributes.erase(attributes.begin() + static_cast<ptrdiff_t>(i));
        break;
      }
      link.attributes = scratch_.pool.Copy(attributes);
      if (trace) scratch_.links.push_back(link);
      return true;
    });
  }

  bool Span() {
    const uint32_t* const start = json.at();
    spans::Span span;
    scratch_.attributes.clear();
    scratch_.events.clear();
    scratch_.links.clear();
    scratch_.pool.Clear();
    bool trace = false;
    int64_t end_ns = model::kNoTime;
    const bool ok = json.Object([&](std::string_view key) {
      switch (key.size()) {
        case 4:
          if (key == "name") return json.StringOrNull(span.name);
          if (key == "kind") return Kind(span.kind);
          break;
        case 5:
          if (key == "flags") return json.Uint32(span.flags);
          if (key == "links") return Links();
          break;
        case 6:
          if (key == "spanId") return SpanId(span.id);
          if (key == "status") return Status(span);
          if (key == "events") return Events();
          break;
        case 7:
          if (key == "traceId") return TraceId(span.trace, trace);
          break;
        case 10:
          if (key == "attributes") return Attributes(span);
          if (key == "traceState") return json.StringOrNull(span.trace_state);
          break;
        case 12:
          if (key == "parentSpanId") return SpanId(span.parent);
          break;
        case 15:
          if (key == "endTimeUnixNano") return json.TakeNull() || json.Integer(end_ns);
          break;
        case 17:
          if (key == "startTimeUnixNano") return json.TakeNull() || json.Integer(span.start_ns);
          if (key == "droppedLinksCount") return json.Uint32(span.dropped_links);
          break;
        case 18:
          if (key == "droppedEventsCount") return json.Uint32(span.dropped_events);
          break;
        case 22:
          if (key == "droppedAttributesCount") return json.Uint32(span.dropped_attributes);
          break;
        default:
          break;
      }
      return json.Skip();
    });
    if (!ok) return false;
    if (!trace) return json.FailAt(start, "a span with a traceId");
    if (span.id == 0) return json.FailAt(start, "a span with a spanId");
    if (span.start_ns != model::kNoTime && end_ns != model::kNoTime) {
      span.duration_ns = static_cast<int64_t>(static_cast<uint64_t>(end_ns) -
                                              static_cast<uint64_t>(span.start_ns));
    }
    span.resource = resource_;
    span.scope = has_scope_ ? &scope_ : nullptr;
    span.attributes = scratch_.attributes;
    span.events = scratch_.events;
    span.links = scratch_.links;
    batch_.Add(span, LineAt(*start));
    return true;
  }

  bool details_;
  OtlpScratch& scratch_;
  json::Resources resources_;
  spans::Resource nobody_;
  const spans::Resource* resource_ = &nobody_;
  spans::Scope scope_;
  bool has_scope_ = false;
  int depth_ = 0;
};

}  // namespace

void OtlpJsonDecoder::Decode(const Block& block, DecodeContext& context) const {
  static thread_local OtlpScratch scratch;
  OtlpReader(block, context, scratch).Read(shape());
}

}  // namespace plumbago::formats::otlp_json
