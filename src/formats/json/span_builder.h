// A span while it is read, and what the formats with tags (Jaeger, Zipkin) have in common: the tags
// by which OpenTelemetry's exporters write what those formats have no place for, and
// `plumbago.rest`, by which we write what is left.
//
// plumbago.rest is a text that holds a JSON object (docs/formats/jaeger.md lists its members). An
// attribute whose name is one of those tags' own is written as plumbago.attribute.NAME.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/json/pool.h"
#include "formats/json/token_index.h"
#include "formats/spans/span.h"

namespace plumbago::formats::json {

inline constexpr std::string_view kRestKey = "plumbago.rest";
inline constexpr std::string_view kAttributeKey = "plumbago.attribute.";

// What a format has a place for.
struct Places {
  bool types = false;     // of attributes: all but arrays and maps
  bool kinds = false;     // the kind is a tag; else internal is none
  bool resource = false;  // attributes of it
  bool flags = false;
  bool follows_from = false;
  bool shared = false;
  bool links = false;  // trace, span and kind of reference
  bool event_attributes = false;
};

// Reused from span to span; one thread.
class SpanBuilder {
 public:
  explicit SpanBuilder(const Places& places) : places_(places) {}

  void Clear();

  // Where it is read to.
  spans::Span span;
  std::vector<spans::Attribute> attributes;
  std::vector<spans::Event> events;
  std::vector<spans::Link> links;
  std::vector<spans::Attribute> resource_attributes;  // of plumbago.rest
  uint32_t resource_dropped = 0;
  std::string_view resource_text;  // the member of plumbago.rest: equal for equal resources
  int64_t parent = -2;             // place among the references; -1: none, -2: by the rule
  Pool<spans::Attribute> pool;     // of events, links and finished spans

  // True if the attribute is one of the tags: it is no attribute then, but may change its place in
  // `attributes` (plumbago.attribute.x). `arena` takes what must be unescaped.
  bool TakeTag(const spans::Attribute& attribute);
  // Once all else is read: what plumbago.rest said, and the scope. False: it is damaged; what it
  // said until there holds.
  bool Finish(TextArena& arena);
  // Moves what `span` points to into the pools, so that it holds until ClearPools.
  void Keep();
  void ClearPools();

 private:
  bool ReadRest(std::string_view text, TextArena& arena);
  void SetType(size_t at, std::string_view key, char type, TextArena& arena);

  Places places_;
  std::string_view rest_;
  bool after_code_ = false;  // the tag before was otel.status_code
  bool has_code_ = false;
  bool has_scope_ = false;
  spans::Scope scope_;
  std::vector<spans::Attribute> scope_attributes_;
  Pool<spans::Event> event_pool_;
  Pool<spans::Link> link_pool_;
  Pool<spans::Scope> scope_pool_;
  const spans::Scope* last_scope_ = nullptr;
  TokenIndex index_;
  std::string padded_;
};

// Calls emit(key, value) for the tags of a span beside its attributes; all but the kind's.
template <class Emit>
void ForConventionTags(const spans::Span& span, Emit&& emit) {
  using spans::Value;
  if (span.status != model::Status::kUnset) {
    const bool error = span.status == model::Status::kError;
    emit("otel.status_code", Value::Text(error ? "ERROR" : "OK"));
    bool has_error = false;
    if (error) {
      for (const spans::Attribute& attribute : span.attributes)
        has_error |= attribute.key == "error";
      if (!has_error) emit("error", Value::Bool(true));
    }
  }
  if (!span.status_message.empty())
    emit("otel.status_description", Value::Text(span.status_message));
  if (!span.trace_state.empty()) emit("w3c.tracestate", Value::Text(span.trace_state));
  if (span.scope != nullptr) {
    emit("otel.scope.name", Value::Text(span.scope->name));
    if (!span.scope->version.empty()) emit("otel.scope.version", Value::Text(span.scope->version));
  }
}
// True if an attribute must be written as plumbago.attribute.NAME.
bool IsTagKey(std::string_view key);
// Appends the JSON object for plumbago.rest; nothing if there is no need of one. `parent_rule`:
// where a reader by the rule would find the parent among the references (Jaeger), -1: nowhere.
void AppendRest(const spans::Span& span, const Places& places, int64_t parent,
                int64_t parent_by_rule, std::string& out);

// Microseconds of a time, rounded down.
inline int64_t MicrosOf(int64_t ns) { return ns / 1000 - (ns % 1000 < 0 ? 1 : 0); }
// Nanoseconds of a time in microseconds; too large: as large as can be.
inline int64_t NanosOf(int64_t us) {
  constexpr int64_t kMost = INT64_MAX / 1000;
  return us > kMost ? INT64_MAX : us < -kMost ? -INT64_MAX : us * 1000;
}

}  // namespace plumbago::formats::json
