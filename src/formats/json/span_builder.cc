#include "formats/json/span_builder.h"

#include <algorithm>
#include <charconv>

#include "formats/json/any_value.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::json {
namespace {

using model::kNoTime;
using spans::Attribute;
using spans::Event;
using spans::Link;
using spans::Value;

bool IsTrue(const Value& value) {
  switch (value.type) {
    case Value::Type::kBool:
    case Value::Type::kInt:
      return value.integer != 0;
    case Value::Type::kText:
      return !value.text.empty() && value.text != "false" && value.text != "0";
    default:
      return false;
  }
}

}  // namespace

void SpanBuilder::Clear() {
  span = {};
  attributes.clear();
  events.clear();
  links.clear();
  if (!resource_attributes.empty()) resource_attributes.clear();
  resource_dropped = 0;
  resource_text = {};
  parent = -2;
  rest_ = {};
  after_code_ = has_code_ = has_scope_ = false;
  scope_ = {};
  if (!scope_attributes_.empty()) scope_attributes_.clear();
}

bool IsTagKey(std::string_view key) {
  if (key.empty()) return false;
  switch (key[0]) {
    case 's':
      return key == "span.kind";
    case 'o':
      return key == "otel.status_code" || key == "otel.status_description" ||
             key == "otel.scope.name" || key == "otel.scope.version" ||
             key == "otel.library.name" || key == "otel.library.version";
    case 'w':
      return key == "w3c.tracestate";
    case 'p':
      return key == kRestKey || key.starts_with(kAttributeKey);
    default:
      return false;
  }
}

bool SpanBuilder::TakeTag(const Attribute& attribute) {
  const std::string_view key = attribute.key;
  const Value& value = attribute.value;
  const bool after_code = after_code_;
  after_code_ = false;
  if (key.empty()) return false;
  switch (key[0]) {
    case 'e':
      if (key != "error") return false;
      // Ours, and those of OpenTelemetry's exporters: it repeats the code.
      if (after_code && span.status == model::Status::kError) return true;
      if (!has_code_ && IsTrue(value)) span.status = model::Status::kError;
      return false;
    case 's': {
      if (key != "span.kind" || !places_.kinds || value.type != Value::Type::kText) return false;
      const std::string_view kind = value.text;
      using spans::SpanKind;
      if (kind == "server" || kind == "SERVER")
        span.kind = SpanKind::kServer;
      else if (kind == "client" || kind == "CLIENT")
        span.kind = SpanKind::kClient;
      else if (kind == "producer" || kind == "PRODUCER")
        span.kind = SpanKind::kProducer;
      else if (kind == "consumer" || kind == "CONSUMER")
        span.kind = SpanKind::kConsumer;
      else if (kind == "internal" || kind == "INTERNAL")
        span.kind = SpanKind::kInternal;
      else
        return kind == "unspecified";
      return true;
    }
    case 'o':
      if (value.type != Value::Type::kText || !key.starts_with("otel.")) return false;
      if (key == "otel.status_code") {
        const bool error = value.text == "ERROR" || value.text == "Error" || value.text == "error";
        const bool ok = value.text == "OK" || value.text == "Ok" || value.text == "ok";
        if (!error && !ok && value.text != "UNSET") return false;
        span.status = error ? model::Status::kError
                      : ok  ? model::Status::kOk
                            : model::Status::kUnset;
        has_code_ = after_code_ = true;
        return true;
      }
      if (key == "otel.status_description") {
        span.status_message = value.text;
      } else if (key == "otel.scope.name" || key == "otel.library.name") {
        scope_.name = value.text;
        has_scope_ = true;
      } else if (key == "otel.scope.version" || key == "otel.library.version") {
        scope_.version = value.text;
        has_scope_ = true;
      } else {
        return false;
      }
      return true;
    case 'w':
      if (key != "w3c.tracestate" || value.type != Value::Type::kText) return false;
      span.trace_state = value.text;
      return true;
    case 'p':
      if (!key.starts_with("plumbago.")) return false;
      if (key == kRestKey && value.type == Value::Type::kText) {
        rest_ = value.text;
        return true;
      }
      if (!key.starts_with(kAttributeKey)) return false;
      attributes.push_back({key.substr(kAttributeKey.size()), value});
      return true;
    default:
      return false;
  }
}

bool SpanBuilder::Finish(TextArena& arena) {
  const bool whole = rest_.empty() || ReadRest(rest_, arena);
  span.attributes = attributes;
  span.events = events;
  span.links = links;
  if (!has_scope_) return whole;
  if (!scope_attributes_.empty()) {
    scope_.attributes = pool.Copy(scope_attributes_);
    last_scope_ = nullptr;
  }
  if (last_scope_ == nullptr || last_scope_->name != scope_.name ||
      last_scope_->version != scope_.version || !last_scope_->attributes.empty() ||
      last_scope_->dropped_attributes != scope_.dropped_attributes) {
    *scope_pool_.Room(1) = scope_;
    last_scope_ = scope_pool_.Keep(1).data();
  }
  span.scope = last_scope_;
  return whole;
}

void SpanBuilder::Keep() {
  span.attributes = pool.Copy(attributes);
  span.events = event_pool_.Copy(events);
  span.links = link_pool_.Copy(links);
}

void SpanBuilder::ClearPools() {
  pool.Clear();
  event_pool_.Clear();
  link_pool_.Clear();
  scope_pool_.Clear();
  last_scope_ = nullptr;
}

void SpanBuilder::SetType(size_t at, std::string_view key, char type, TextArena& arena) {
  // Where it was, unless somebody has sorted them.
  Attribute* attribute =
      at < attributes.size() && attributes[at].key == key ? &attributes[at] : nullptr;
  for (Attribute& other : attributes) {
    if (attribute == nullptr && other.key == key) attribute = &other;
  }
  if (attribute == nullptr || attribute->value.type != Value::Type::kText) return;
  Value& value = attribute->value;
  const std::string_view text = value.text;
  const char* const end = text.data() + text.size();
  switch (type) {
    case 'b':
      value = Value::Bool(text == "true");
      break;
    case 'i': {
      int64_t number = 0;
      const auto read = std::from_chars(text.data(), end, number);
      if (read.ec == std::errc() && read.ptr == end) value = Value::Int(number);
      break;
    }
    case 'd': {
      double number = 0;  // from_chars reads "nan" and "inf" too
      const auto read = std::from_chars(text.data(), end, number);
      if (read.ec == std::errc() && read.ptr == end) value = Value::Double(number);
      break;
    }
    case 'x': {
      std::string_view bytes;
      if (!DecodeBase64(text, arena, bytes)) break;
      value.type = Value::Type::kBytes;
      value.text = bytes;
      break;
    }
    case 'j':
      value.type = Value::Type::kJson;
      break;
    default:
      break;
  }
}

bool SpanBuilder::ReadRest(std::string_view text, TextArena& arena) {
  padded_.assign(text);
  padded_.append(64, '\0');
  const std::string_view padded = arena.CopyText(padded_);  // texts of it are kept
  if (!index_.Index(padded.substr(0, text.size()))) return false;
  Cursor json(padded.data(), index_.at(), index_.at() + index_.size(), &arena, true);
  const auto count = [&](uint32_t& number) { return json.Uint32(number); };
  const bool ok = json.Object([&](std::string_view key) {
    if (key == "start") {
      int64_t more = 0;
      if (json.TakeNull()) {
        span.start_ns = kNoTime;
        return true;
      }
      if (!json.Integer(more)) return false;
      if (more > 0 && more < 1000 && span.start_ns != kNoTime &&
          more <= INT64_MAX - std::max<int64_t>(span.start_ns, 0))
        span.start_ns += more;
      return true;
    }
    if (key == "duration") {
      if (json.TakeNull()) {
        span.duration_ns = kNoTime;
        return true;
      }
      return json.Integer(span.duration_ns);
    }
    if (key == "kind") {
      uint32_t kind = 0;
      if (!json.Uint32(kind)) return false;
      if (kind <= 5) span.kind = static_cast<spans::SpanKind>(kind);
      return true;
    }
    if (key == "flags") return count(span.flags);
    if (key == "followsFrom") return json.Bool(span.follows_from);
    if (key == "shared") return json.Bool(span.shared);
    if (key == "parent") return json.Integer(parent);
    if (key == "droppedAttributes") return count(span.dropped_attributes);
    if (key == "droppedEvents") return count(span.dropped_events);
    if (key == "droppedLinks") return count(span.dropped_links);
    if (key == "types") {
      return json.Array([&] {
        std::string_view type, name;
        uint32_t at = 0;
        if (!json.Take('[') || !json.String(type) || !json.Take(',') || !json.Uint32(at) ||
            !json.Take(',') || !json.String(name) || !json.Take(']'))
          return false;
        if (type.size() == 1) SetType(at, name, type[0], arena);
        return true;
      });
    }
    if (key == "resource") {
      resource_text = json.Here();
      return json.Object([&](std::string_view name) {
        if (name == "attributes") return ReadAttributes(json, resource_attributes);
        if (name == "droppedAttributes") return count(resource_dropped);
        return json.Skip();
      });
    }
    if (key == "scope") {
      has_scope_ = true;
      return json.Object([&](std::string_view name) {
        if (name == "attributes") return ReadAttributes(json, scope_attributes_);
        if (name == "droppedAttributes") return count(scope_.dropped_attributes);
        return json.Skip();
      });
    }
    if (key == "events" || key == "links") {
      const bool of_events = key == "events";
      return json.Array([&] {
        uint32_t at = 0;
        Event event;
        Link link;
        std::vector<Attribute> more;
        bool has_attributes = false;
        uint32_t ns = 0;
        const bool read = json.Object([&](std::string_view name) {
          if (name == "at") return count(at);
          if (name == "ns") return count(ns);
          if (name == "traceState") return json.String(link.trace_state);
          if (name == "flags") return count(link.flags);
          if (name == "childOf") return json.Bool(link.child_of);
          if (name == "droppedAttributes")
            return count(of_events ? event.dropped_attributes : link.dropped_attributes);
          if (name == "traceId") {
            std::string_view id;
            if (!json.String(id)) return false;
            spans::ParseTraceId(id, link.trace);
            return true;
          }
          if (name == "spanId") {
            std::string_view id;
            if (!json.String(id)) return false;
            spans::ParseSpanId(id, link.span);
            return true;
          }
          if (name == "attributes") {
            has_attributes = true;
            return ReadAttributes(json, more);
          }
          return json.Skip();
        });
        if (!read) return false;
        if (of_events) {
          if (at >= events.size()) return true;
          Event& to = events[at];
          if (ns < 1000 && ns <= INT64_MAX - std::max<int64_t>(to.time_ns, 0)) to.time_ns += ns;
          to.dropped_attributes = event.dropped_attributes;
          if (has_attributes) to.attributes = pool.Copy(more);
          return true;
        }
        if (!places_.links) {
          link.attributes = pool.Copy(more);
          links.push_back(link);
          return true;
        }
        if (at >= links.size()) return true;
        Link& to = links[at];
        to.trace_state = link.trace_state;
        to.flags = link.flags;
        to.dropped_attributes = link.dropped_attributes;
        to.attributes = pool.Copy(more);
        return true;
      });
    }
    return json.Skip();
  });
  return ok;
}

}  // namespace plumbago::formats::json
