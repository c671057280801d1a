// The writing half of plumbago.rest; SpanBuilder reads it.
#include "formats/json/span_builder.h"
#include "formats/json/text_writer.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::json {
namespace {

using model::kNoTime;
using spans::Attribute;
using spans::Event;
using spans::Link;
using spans::Value;

char TypeLetter(Value::Type type) {
  switch (type) {
    case Value::Type::kText:
      return 't';
    case Value::Type::kBool:
      return 'b';
    case Value::Type::kInt:
      return 'i';
    case Value::Type::kDouble:
      return 'd';
    case Value::Type::kBytes:
      return 'x';
    case Value::Type::kJson:
      return 'j';
  }
  return 't';
}

}  // namespace

void AppendRest(const spans::Span& span, const Places& places, int64_t parent,
                int64_t parent_by_rule, std::string& out) {
  const size_t begin = out.size();
  const auto member = [&](std::string_view key) {
    out += out.size() == begin ? "{\"" : ",\"";
    out += key;
    out += "\":";
  };
  const auto number = [&](std::string_view key, int64_t value) {
    if (value == 0) return;
    member(key);
    AppendInt(value, out);
  };
  if (span.start_ns == kNoTime) {
    member("start");
    out += "null";
  } else {
    number("start", span.start_ns - MicrosOf(span.start_ns) * 1000);
  }
  if (span.duration_ns == kNoTime) {
    member("duration");
    out += "null";
  } else if (span.duration_ns < 0 || span.duration_ns % 1000 != 0) {
    number("duration", span.duration_ns);
  }
  if (!places.kinds && span.kind == spans::SpanKind::kInternal)
    number("kind", static_cast<int64_t>(span.kind));
  if (!places.flags) number("flags", span.flags);
  if (!places.follows_from && span.follows_from) member("followsFrom"), out += "true";
  if (!places.shared && span.shared) member("shared"), out += "true";
  if (parent != parent_by_rule) {
    member("parent");
    AppendInt(parent, out);
  }
  number("droppedAttributes", span.dropped_attributes);
  number("droppedEvents", span.dropped_events);
  number("droppedLinks", span.dropped_links);

  bool some = false;  // of the array that is being written
  const auto element = [&](std::string_view array) {
    if (some) {
      out += ',';
    } else {
      member(array);
      out += '[';
    }
    some = true;
  };
  const auto end_array = [&] {
    if (some) out += ']';
    some = false;
  };
  for (const Attribute& attribute : span.attributes) {
    const Value::Type type = attribute.value.type;
    if (type == Value::Type::kText || (places.types && type != Value::Type::kJson)) continue;
    element("types");
    out += "[\"";
    out += TypeLetter(type);
    out += "\",";
    AppendInt(&attribute - span.attributes.data(), out);
    out += ',';
    AppendText(attribute.key, out);
    out += ']';
  }
  end_array();
  const auto attributed = [&](std::string_view key, std::span<const Attribute> attributes,
                              uint32_t dropped) {
    if (attributes.empty() && dropped == 0) return;
    member(key);
    out += "{\"attributes\":";
    AppendAttributes(attributes, out);
    if (dropped != 0) out += ",\"droppedAttributes\":", AppendInt(dropped, out);
    out += '}';
  };
  if (!places.resource)
    attributed("resource", span.resource->attributes, span.resource->dropped_attributes);
  if (span.scope != nullptr)
    attributed("scope", span.scope->attributes, span.scope->dropped_attributes);
  for (size_t i = 0; i < span.events.size(); ++i) {
    const Event& event = span.events[i];
    const int64_t ns = event.time_ns - MicrosOf(event.time_ns) * 1000;
    bool attributes = !places.event_attributes && !event.attributes.empty();
    for (const Attribute& attribute : event.attributes)
      attributes |= attribute.value.type == Value::Type::kJson;
    if (ns == 0 && event.dropped_attributes == 0 && !attributes) continue;
    element("events");
    out += "{\"at\":";
    AppendInt(static_cast<int64_t>(i), out);
    if (ns != 0) out += ",\"ns\":", AppendInt(ns, out);
    if (event.dropped_attributes != 0)
      out += ",\"droppedAttributes\":", AppendInt(event.dropped_attributes, out);
    if (attributes) out += ",\"attributes\":", AppendAttributes(event.attributes, out);
    out += '}';
  }
  end_array();
  for (size_t i = 0; i < span.links.size(); ++i) {
    const Link& link = span.links[i];
    if (places.links && link.trace_state.empty() && link.flags == 0 &&
        link.dropped_attributes == 0 && link.attributes.empty())
      continue;
    element("links");
    out += "{\"at\":";
    AppendInt(static_cast<int64_t>(i) + (parent >= 0 ? 1 : 0), out);
    if (!places.links) {
      out += ",\"traceId\":\"";
      spans::AppendTraceId(link.trace, out);
      out += "\",\"spanId\":\"";
      spans::AppendSpanId(link.span, out);
      out += '"';
      if (link.child_of) out += ",\"childOf\":true";
    }
    if (!link.trace_state.empty()) out += ",\"traceState\":", AppendText(link.trace_state, out);
    if (link.flags != 0) out += ",\"flags\":", AppendInt(link.flags, out);
    if (link.dropped_attributes != 0)
      out += ",\"droppedAttributes\":", AppendInt(link.dropped_attributes, out);
    if (!link.attributes.empty()) out += ",\"attributes\":", AppendAttributes(link.attributes, out);
    out += '}';
  }
  end_array();
  if (out.size() > begin) out += '}';
}

}  // namespace plumbago::formats::json
