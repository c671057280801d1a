// For tests and fuzzers: all of a span as text, one member a line, so that two can be compared and
// a difference be read. Not part of the program.
#pragma once

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/spans/span.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::spans::testing {

inline std::string BytesText(std::string_view bytes) {
  std::string out = "'";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == '\\' || byte == '\'' || byte > '~')
      out += fmt::format("\\{:02x}", byte);
    else
      out += c;
  }
  return out + "'";
}

inline std::string ValueText(const Value& value) {
  switch (value.type) {
    case Value::Type::kText:
      return BytesText(value.text);
    case Value::Type::kBool:
      return value.integer != 0 ? "true" : "false";
    case Value::Type::kInt:
      return fmt::format("{}", value.integer);
    case Value::Type::kDouble:  // all bits: NaN is NaN, -0 is not 0
      return fmt::format("{:e}={:016x}", value.number, std::bit_cast<uint64_t>(value.number));
    case Value::Type::kBytes:
      return "bytes " + BytesText(value.text);
    case Value::Type::kJson:
      return "json " + BytesText(value.text);
  }
  return "no type";
}

inline void AppendAttributes(std::string_view indent, std::span<const Attribute> attributes,
                             uint32_t dropped, std::string& out) {
  for (const Attribute& attribute : attributes)
    out += fmt::format("{}{}: {}\n", indent, BytesText(attribute.key), ValueText(attribute.value));
  if (dropped != 0) out += fmt::format("{}dropped {}\n", indent, dropped);
}

inline std::string SpanText(const Span& span) {
  const TraceIdBits trace = BitsOf(span.trace);
  std::string out = fmt::format(
      "trace {:016x}{:016x} span {:016x} parent {:016x}\n"
      "start {} duration {} name {} kind {} status {} {} flags {}{}{}\n",
      trace.hi, trace.lo, span.id, span.parent, span.start_ns, span.duration_ns,
      BytesText(span.name), static_cast<int>(span.kind), static_cast<int>(span.status),
      BytesText(span.status_message), span.flags, span.follows_from ? " follows_from" : "",
      span.shared ? " shared" : "");
  if (!span.trace_state.empty()) out += fmt::format("state {}\n", BytesText(span.trace_state));
  AppendAttributes("  ", span.attributes, span.dropped_attributes, out);
  if (span.resource != nullptr) {
    out += fmt::format("resource {}\n", BytesText(span.resource->service));
    AppendAttributes("  ", span.resource->attributes, span.resource->dropped_attributes, out);
  }
  if (span.scope != nullptr) {
    out +=
        fmt::format("scope {} {}\n", BytesText(span.scope->name), BytesText(span.scope->version));
    AppendAttributes("  ", span.scope->attributes, span.scope->dropped_attributes, out);
  }
  for (const Event& event : span.events) {
    out += fmt::format("event {} {}\n", event.time_ns, BytesText(event.name));
    AppendAttributes("  ", event.attributes, event.dropped_attributes, out);
  }
  if (span.dropped_events != 0) out += fmt::format("dropped events {}\n", span.dropped_events);
  for (const Link& link : span.links) {
    const TraceIdBits to = BitsOf(link.trace);
    out += fmt::format("link {:016x}{:016x} {:016x} state {} flags {}{}\n", to.hi, to.lo, link.span,
                       BytesText(link.trace_state), link.flags, link.child_of ? " child_of" : "");
    AppendAttributes("  ", link.attributes, link.dropped_attributes, out);
  }
  if (span.dropped_links != 0) out += fmt::format("dropped links {}\n", span.dropped_links);
  return out;
}

inline bool EqualSpans(const Span& a, const Span& b) { return SpanText(a) == SpanText(b); }

}  // namespace plumbago::formats::spans::testing
