#include "store/clickhouse/row_reader.h"

#include <algorithm>
#include <vector>

#include "formats/json/pool.h"
#include "formats/json/record_reader.h"
#include "formats/json/resources.h"
#include "formats/spans/span_ids.h"
#include "store/clickhouse/json_attributes.h"
#include "store/clickhouse/words.h"

namespace plumbago::store::clickhouse {
namespace {

using formats::spans::Attribute;
using formats::spans::Event;
using formats::spans::Link;
using formats::spans::Resource;
using formats::spans::Scope;
using formats::spans::Span;
using formats::spans::SpanKind;
using formats::spans::Value;

constexpr std::string_view kServiceKey = "service.name";

struct Scratch {
  formats::json::Scratch json;
  std::vector<Attribute> attributes, resource, inner;
  std::vector<std::string_view> keys;  // of arrays side by side
  std::vector<int64_t> event_times;
  std::vector<std::string_view> event_names, link_traces, link_spans, link_states;
  std::vector<std::pair<size_t, size_t>> event_attributes, link_attributes;  // in `inner`
  JsonAttributes texts;
};

class RowReader final : public formats::json::RecordReader {
 public:
  RowReader(const formats::Block& block, formats::DecodeContext& context, Scratch& scratch)
      : RecordReader(block, context, scratch.json, kWrappers), s_(scratch) {}

 private:
  bool Record() override {
    if (json.Peek() == '[') return Elements(Array::kRecords, [this] { return Record(); });
    const size_t position = json.done() ? 0 : json.position();
    Clear();
    bool rows = false;
    const bool ok = json.Object([&](std::string_view key) {
      if (key == "data" && json.Peek() == '[') {
        rows = true;
        return Elements(Array::kRecords, [this] { return Record(); });
      }
      return json.Plain(key) && Field(key);
    });
    if (!ok || rows || !some_) return ok;
    Finish(position);
    return true;
  }

  void Clear() {
    span_ = {};
    span_.from_store = true;
    scope_ = {};
    service_ = resource_text_ = {};
    some_ = have_trace_ = have_id_ = bad_time_ = false;
    has_error_ = kind_known_ = false;
    s_.attributes.clear();
    s_.resource.clear();
    s_.inner.clear();
    s_.keys.clear();  // of the row before
    s_.event_times.clear();
    s_.event_names.clear();
    s_.event_attributes.clear();
    s_.link_traces.clear();
    s_.link_spans.clear();
    s_.link_states.clear();
    s_.link_attributes.clear();
  }

  bool Field(std::string_view key) {
    std::string_view text;
    // In the order of the exporter's columns; then SigNoz, Jaeger.
    if (key == "Timestamp" || key == "timestamp" || key == "start_time") return Time();
    if (key == "TraceId" || key == "trace_id") {
      some_ = true;
      if (!json.StringOrNull(text)) return false;
      have_trace_ = formats::spans::ParseTraceId(text, span_.trace);
      return true;
    }
    if (key == "SpanId" || key == "span_id" || key == "id") {
      some_ = true;
      if (!json.StringOrNull(text)) return false;
      have_id_ = formats::spans::ParseSpanId(text, span_.id);
      return true;
    }
    if (key == "ParentSpanId" || key == "parent_span_id") {
      if (!json.StringOrNull(text)) return false;
      span_.parent = SpanIdOf(text);
      return true;
    }
    if (key == "TraceState" || key == "trace_state") return json.StringOrNull(span_.trace_state);
    if (key == "SpanName" || key == "name") return json.StringOrNull(span_.name);
    if (key == "SpanKind" || key == "kind_string" || key == "kind") return KindField(key);
    if (key == "ServiceName" || key == "service_name") return json.StringOrNull(service_);
    if (key == "ScopeName" || key == "scope_name") return json.StringOrNull(scope_.name);
    if (key == "ScopeVersion" || key == "scope_version") return json.StringOrNull(scope_.version);
    if (key == "Duration" || key == "duration_nano" || key == "duration") {
      if (json.TakeNull()) return true;
      return json.Integer(span_.duration_ns);
    }
    if (key == "StatusCode" || key == "status_code" || key == "status_code_string")
      return StatusField();
    if (key == "StatusMessage" || key == "status_message")
      return json.StringOrNull(span_.status_message);
    if (key == "has_error" || key == "hasError") return ErrorField();
    if (key == "flags") return json.TakeNull() || json.Uint32(span_.flags);
    if (key == "ResourceAttributes" || key == "resource" || key == "resources_string") {
      if (json.Peek() != '{') return json.Skip();
      const std::string_view here = json.Here();
      if (here.size() > 2) resource_text_ = here;
      return AttributesField(s_.resource);
    }
    if (key == "SpanAttributes" || key.starts_with("attributes_")) {
      if (json.Peek() != '{') return json.Skip();
      return AttributesField(s_.attributes);
    }
    if (key.starts_with("Events.") || key.starts_with("events.")) return EventField(key.substr(7));
    if (key.starts_with("Links.") || key.starts_with("links.")) return LinkField(key.substr(6));
    if (key == "events" && json.Peek() == '[') return SigNozEvents();
    if (key.ends_with("_attributes.key") || key.ends_with("_attributes.value"))
      return PairsField(key);
    return json.Skip();
  }

  bool Time() {
    if (json.TakeNull()) return true;
    return ReadMoment(bad_time_, span_.start_ns);
  }
  // A time as a text, or as seconds; `bad`: it is none, and `ns` stays as it is.
  bool ReadMoment(bool& bad, int64_t& ns) {
    std::string_view text;
    if (json.Peek() == '"') {
      if (!json.String(text)) return false;
    } else {
      text = json.Here();
      if (!json.Skip()) return false;
    }
    int64_t read = 0;
    bad = !ParseMoment(text, read);
    if (!bad) ns = read;
    return true;
  }

  bool KindField(std::string_view key) {
    if (json.Peek() == '"') {
      std::string_view text;
      if (!json.String(text)) return false;
      span_.kind = KindOf(text);
      kind_known_ = true;
      return true;
    }
    if (key != "kind" || json.Peek() == 'n') return json.Skip();
    int64_t number = 0;  // SigNoz: as OTLP numbers them
    if (!json.Integer(number)) return false;
    if (!kind_known_ && number >= 0 && number <= 5) span_.kind = static_cast<SpanKind>(number);
    return true;
  }

  bool StatusField() {
    if (json.Peek() == '"') {
      std::string_view text;
      if (!json.String(text)) return false;
      if (const model::Status status = StatusOf(text); status != model::Status::kUnset)
        span_.status = status;
      return true;
    }
    if (json.TakeNull()) return true;
    int64_t number = 0;
    if (!json.Integer(number)) return false;
    if (number == 1) span_.status = model::Status::kOk;
    if (number == 2) span_.status = model::Status::kError;
    return true;
  }

  bool ErrorField() {
    if (json.Peek() == 't' || json.Peek() == 'f') return json.Bool(has_error_);
    return json.Skip();
  }

  bool AttributesField(std::vector<Attribute>& into) {
    return JsonAttributes::Read(json, {}, 0, *json.arena(), into);
  }

  // Jaeger: str_attributes.key and .value, resource_int_attributes.key, ...
  bool PairsField(std::string_view key) {
    if (json.Peek() != '[') return json.Skip();
    if (key.starts_with("scope_")) return json.Skip();
    std::vector<Attribute>& into = key.starts_with("resource_") ? s_.resource : s_.attributes;
    if (key.ends_with(".key")) {
      s_.keys.clear();
      return json.Array([&] {
        std::string_view text;
        if (!json.String(text)) return false;
        s_.keys.push_back(text);
        return true;
      });
    }
    size_t i = 0;
    const bool ok = json.Array([&] {
      Value value;
      if (!JsonAttributes::ReadScalar(json, value)) return false;
      if (i < s_.keys.size()) into.push_back({s_.keys[i++], value});
      return true;
    });
    s_.keys.clear();
    return ok;
  }

  bool Texts(std::vector<std::string_view>& into) {
    return json.Array([&] {
      std::string_view text;
      if (!json.StringOrNull(text)) return false;
      into.push_back(text);
      return true;
    });
  }
  bool Maps(std::vector<std::pair<size_t, size_t>>& into) {
    return json.Array([&] {
      const size_t begin = s_.inner.size();
      if (json.Peek() != '{') return json.Skip();
      if (!AttributesField(s_.inner)) return false;
      into.emplace_back(begin, s_.inner.size() - begin);
      return true;
    });
  }

  bool EventField(std::string_view part) {
    if (json.Peek() != '[') return json.Skip();
    if (part == "Timestamp" || part == "timestamp") {
      return json.Array([&] {
        bool bad = false;
        return ReadMoment(bad, s_.event_times.emplace_back(model::kNoTime));
      });
    }
    if (part == "Name" || part == "name") return Texts(s_.event_names);
    if (part == "Attributes") return Maps(s_.event_attributes);
    return json.Skip();
  }

  bool LinkField(std::string_view part) {
    if (json.Peek() != '[') return json.Skip();
    if (part == "TraceId" || part == "trace_id") return Texts(s_.link_traces);
    if (part == "SpanId" || part == "span_id") return Texts(s_.link_spans);
    if (part == "TraceState" || part == "trace_state") return Texts(s_.link_states);
    if (part == "Attributes") return Maps(s_.link_attributes);
    return json.Skip();
  }

  // Each a text that holds JSON: {"name":"n","timeUnixNano":1,"attributeMap":{"k":"v"}}.
  bool SigNozEvents() {
    return json.Array([&] {
      std::string_view text;
      if (json.Peek() != '"') return json.Skip();
      if (!json.String(text)) return false;
      const size_t begin = s_.inner.size();
      std::string_view name;
      int64_t time_ns = model::kNoTime;
      if (!s_.texts.Read(text, *json.arena(), s_.inner)) return true;
      constexpr std::string_view kMap = "attributeMap.";
      size_t kept = begin;
      for (size_t i = begin; i < s_.inner.size(); ++i) {
        Attribute attribute = s_.inner[i];
        if (attribute.key == "name") name = attribute.value.text;
        if (attribute.key == "timeUnixNano") time_ns = attribute.value.integer;
        if (!attribute.key.starts_with(kMap)) continue;
        attribute.key.remove_prefix(kMap.size());
        s_.inner[kept++] = attribute;
      }
      s_.inner.resize(kept);
      s_.event_times.push_back(time_ns);
      s_.event_names.push_back(name);
      s_.event_attributes.emplace_back(begin, kept - begin);
      return true;
    });
  }

  const Resource* ResourceOfRow() {
    for (const Attribute& attribute : s_.resource) {
      if (service_.empty() && attribute.key == kServiceKey) service_ = attribute.value.text;
    }
    const Resource* known = resource_text_.empty() ? nullptr : resources_.Find(resource_text_);
    if (known != nullptr && known->service == service_) return known;
    std::erase_if(s_.resource, [](const Attribute& a) {
      return a.key == kServiceKey && a.value.type == Value::Type::kText;
    });
    Resource resource;
    resource.service = service_;
    resource.attributes = s_.resource;
    if (known == nullptr && !resource_text_.empty())
      return resources_.Add(resource_text_, resource);
    own_resource_ = resource;
    own_resource_.known = false;
    return &own_resource_;
  }

  std::span<const Attribute> Inner(const std::vector<std::pair<size_t, size_t>>& ranges, size_t i) {
    if (i >= ranges.size()) return {};
    return std::span(s_.inner).subspan(ranges[i].first, ranges[i].second);
  }
  static std::string_view At(const std::vector<std::string_view>& texts, size_t i) {
    return i < texts.size() ? texts[i] : std::string_view();
  }

  void Finish(size_t position) {
    if (!have_trace_ || !have_id_) {
      Bad(position, have_trace_ ? "a row whose span id is not 1 to 16 hex digits, or zero"
                                : "a row without a trace id");
      return;
    }
    if (bad_time_) {
      Bad(position,
          "a row whose time cannot be read: expected 2006-01-02 15:04:05.000000000, or "
          "seconds since 1970");
      return;
    }
    if (has_error_ && span_.status == model::Status::kUnset) span_.status = model::Status::kError;
    span_.resource = ResourceOfRow();
    if (!scope_.name.empty() || !scope_.version.empty()) span_.scope = &scope_;
    span_.attributes = s_.attributes;
    events_.clear();
    for (size_t i = 0; i < s_.event_times.size(); ++i) {
      Event event;
      event.time_ns = s_.event_times[i];
      event.name = At(s_.event_names, i);
      event.attributes = Inner(s_.event_attributes, i);
      events_.push_back(event);
    }
    links_.clear();
    for (size_t i = 0; i < s_.link_traces.size(); ++i) {
      Link link;
      formats::spans::ParseTraceId(s_.link_traces[i], link.trace);
      link.span = SpanIdOf(At(s_.link_spans, i));
      link.trace_state = At(s_.link_states, i);
      link.attributes = Inner(s_.link_attributes, i);
      links_.push_back(link);
    }
    span_.events = events_;
    span_.links = links_;
    batch_.Add(span_, LineAt(position));
  }

  Scratch& s_;
  formats::json::Resources resources_;
  Resource own_resource_;
  std::vector<Event> events_;
  std::vector<Link> links_;
  Span span_;
  Scope scope_;
  std::string_view service_, resource_text_;
  bool some_ = false, have_trace_ = false, have_id_ = false, bad_time_ = false;
  bool has_error_ = false, kind_known_ = false;
};

}  // namespace

void ReadRows(const formats::Block& block, formats::DecodeContext& context,
              formats::json::Shape shape) {
  static thread_local Scratch scratch;
  RowReader(block, context, scratch).Read(shape);
}

}  // namespace plumbago::store::clickhouse
