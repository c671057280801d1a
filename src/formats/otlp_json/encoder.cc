#include "formats/otlp_json/encoder.h"

#include <string>
#include <unordered_map>
#include <vector>

#include "formats/json/text_writer.h"
#include "formats/otlp_proto/own_attributes.h"
#include "formats/spans/span_details.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::otlp_json {
namespace {

using json::AppendInt;
using json::AppendText;
using model::kNoTime;
using spans::Attribute;
using spans::Value;

void AppendCount(std::string_view key, uint32_t count, std::string& out) {
  if (count == 0) return;
  out += key;
  AppendInt(count, out);
}
void AppendTextMember(std::string_view key, std::string_view text, std::string& out) {
  if (text.empty()) return;
  out += key;
  AppendText(text, out);
}
void AppendAttribute(std::string_view key, const Value& value, std::string& out) {
  if (out.back() == '}') out += ',';
  out += "{\"key\":";
  AppendText(key, out);
  out += ",\"value\":";
  json::AppendAnyValue(value, out);
  out += '}';
}

void AppendResource(const spans::Resource& resource, std::string& out) {
  out += "{\"resource\":{\"attributes\":[";
  if (!resource.service.empty())
    AppendAttribute("service.name", Value::Text(resource.service), out);
  for (const Attribute& attribute : resource.attributes)
    AppendAttribute(attribute.key, attribute.value, out);
  out += ']';
  AppendCount(",\"droppedAttributesCount\":", resource.dropped_attributes, out);
  out += "},\"scopeSpans\":[";
}
void AppendScope(const spans::Scope* scope, std::string& out) {
  if (scope == nullptr) {
    out += "{\"spans\":[";
    return;
  }
  out += "{\"scope\":{\"name\":";
  AppendText(scope->name, out);
  AppendTextMember(",\"version\":", scope->version, out);
  if (!scope->attributes.empty()) {
    out += ",\"attributes\":";
    json::AppendAttributes(scope->attributes, out);
  }
  AppendCount(",\"droppedAttributesCount\":", scope->dropped_attributes, out);
  out += "},\"spans\":[";
}

void AppendEvent(const spans::Event& event, std::string& out) {
  if (out.back() == '}') out += ',';
  out += "{\"timeUnixNano\":\"";
  AppendInt(event.time_ns, out);
  out += "\",\"name\":";
  AppendText(event.name, out);
  if (!event.attributes.empty()) {
    out += ",\"attributes\":";
    json::AppendAttributes(event.attributes, out);
  }
  AppendCount(",\"droppedAttributesCount\":", event.dropped_attributes, out);
  out += '}';
}

void AppendLink(const spans::Link& link, std::string& out) {
  if (out.back() == '}') out += ',';
  out += "{\"traceId\":\"";
  spans::AppendTraceId(link.trace, out);
  out += "\",\"spanId\":\"";
  spans::AppendSpanId(link.span, out);
  out += '"';
  AppendTextMember(",\"traceState\":", link.trace_state, out);
  if (!link.attributes.empty() || link.child_of) {
    out += ",\"attributes\":[";
    for (const Attribute& attribute : link.attributes)
      AppendAttribute(attribute.key, attribute.value, out);
    if (link.child_of)
      AppendAttribute(otlp_proto::kRefTypeKey, Value::Text(otlp_proto::kChildOf), out);
    out += ']';
  }
  AppendCount(",\"droppedAttributesCount\":", link.dropped_attributes, out);
  AppendCount(",\"flags\":", link.flags, out);
  out += '}';
}

void AppendSpan(const spans::Span& span, std::string& out) {
  if (out.back() == '}') out += ',';
  out += "{\"traceId\":\"";
  spans::AppendTraceId(span.trace, out);
  out += "\",\"spanId\":\"";
  spans::AppendSpanId(span.id, out);
  out += '"';
  AppendTextMember(",\"traceState\":", span.trace_state, out);
  if (span.parent != 0) {
    out += ",\"parentSpanId\":\"";
    spans::AppendSpanId(span.parent, out);
    out += '"';
  }
  AppendCount(",\"flags\":", span.flags, out);
  out += ",\"name\":";
  AppendText(span.name, out);
  out += ",\"kind\":";
  AppendInt(static_cast<int64_t>(span.kind), out);
  if (span.start_ns != kNoTime) {
    out += ",\"startTimeUnixNano\":\"";
    AppendInt(span.start_ns, out);
    out += '"';
    if (span.duration_ns != kNoTime) {
      out += ",\"endTimeUnixNano\":\"";
      AppendInt(static_cast<int64_t>(static_cast<uint64_t>(span.start_ns) +
                                     static_cast<uint64_t>(span.duration_ns)),
                out);
      out += '"';
    }
  }
  if (!span.attributes.empty() || span.follows_from || span.shared) {
    out += ",\"attributes\":[";
    for (const Attribute& attribute : span.attributes)
      AppendAttribute(attribute.key, attribute.value, out);
    if (span.follows_from) AppendAttribute(otlp_proto::kFollowsFromKey, Value::Bool(true), out);
    if (span.shared) AppendAttribute(otlp_proto::kSharedKey, Value::Bool(true), out);
    out += ']';
  }
  AppendCount(",\"droppedAttributesCount\":", span.dropped_attributes, out);
  if (!span.events.empty()) {
    out += ",\"events\":[";
    for (const spans::Event& event : span.events) AppendEvent(event, out);
    out += ']';
  }
  AppendCount(",\"droppedEventsCount\":", span.dropped_events, out);
  if (!span.links.empty()) {
    out += ",\"links\":[";
    for (const spans::Link& link : span.links) AppendLink(link, out);
    out += ']';
  }
  AppendCount(",\"droppedLinksCount\":", span.dropped_links, out);
  if (span.status != model::Status::kUnset || !span.status_message.empty()) {
    out += ",\"status\":{";
    if (!span.status_message.empty()) {
      out += "\"message\":";
      AppendText(span.status_message, out);
      out += ',';
    }
    out += "\"code\":";
    AppendInt(span.status == model::Status::kError ? 2
              : span.status == model::Status::kOk  ? 1
                                                   : 0,
              out);
    out += '}';
  }
  out += '}';
}

// The spans of one trace by resource and scope, in the order in which those come first.
class TraceWriter {
 public:
  void Add(const spans::Span& span) {
    text_.clear();
    AppendResource(*span.resource, text_);
    const auto [resource, new_resource] = by_text_.try_emplace(text_, resources_.size());
    if (new_resource) resources_.push_back({text_, {}});
    Group& group = resources_[resource->second];
    text_.clear();
    AppendScope(span.scope, text_);
    for (ScopeText& scope : group.scopes) {
      if (scope.head == text_) return AppendSpan(span, scope.spans);
    }
    group.scopes.push_back({text_, " "});  // so that there is a last character
    AppendSpan(span, group.scopes.back().spans);
  }
  void End(std::string& out) {
    if (resources_.empty()) return;
    out += "{\"resourceSpans\":[";
    for (const Group& group : resources_) {
      if (&group != resources_.data()) out += ',';
      out += group.head;
      for (const ScopeText& scope : group.scopes) {
        if (&scope != group.scopes.data()) out += ',';
        out += scope.head;
        out.append(scope.spans, 1);
        out += "]}";
      }
      out += "]}";
    }
    out += "]}\n";
    resources_.clear();
    by_text_.clear();
  }

 private:
  struct ScopeText {
    std::string head, spans;
  };
  struct Group {
    std::string head;
    std::vector<ScopeText> scopes;
  };
  std::vector<Group> resources_;
  std::unordered_map<std::string, size_t> by_text_;
  std::string text_;
};

}  // namespace

void OtlpJsonEncoder::Encode(const model::CallBatch& batch, const model::Names& names,
                             std::string& out) const {
  spans::RestoredSpan restored;
  TraceWriter trace;
  const model::TraceId* id = nullptr;
  for (const model::Call& call : batch.calls) {
    if (!restored.Restore(call, batch.Details(call), names)) continue;
    if (id == nullptr || call.trace != *id) trace.End(out);
    id = &call.trace;
    trace.Add(restored.span());
  }
  trace.End(out);
}

}  // namespace plumbago::formats::otlp_json
