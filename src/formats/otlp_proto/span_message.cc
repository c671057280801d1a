#include "formats/otlp_proto/span_message.h"

#include <cstring>

#include "formats/otlp_proto/any_value.h"
#include "formats/otlp_proto/fields.h"
#include "formats/otlp_proto/own_attributes.h"
#include "formats/spans/span_details.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::otlp_proto {
namespace {

using protobuf::WireCursor;
using spans::Attribute;
using spans::SpanKind;
using spans::Value;

uint64_t BigEndian64(const char* bytes) {
  uint64_t value;
  std::memcpy(&value, bytes, sizeof value);
  return __builtin_bswap64(value);
}

unsigned Byte(const char* at) { return static_cast<unsigned char>(*at); }

constexpr char kKeyTag = Tag(of_key_value::kKey, Wire::kBytes);
constexpr char kValueTag = Tag(of_key_value::kValue, Wire::kBytes);
constexpr char kTextTag = Tag(of_value::kText, Wire::kBytes);
constexpr char kIntTag = Tag(of_value::kInt, Wire::kVarint);
constexpr char kBoolTag = Tag(of_value::kBool, Wire::kVarint);

// Any lay-out of a KeyValue.
bool ReadAnyAttribute(std::string_view message, Attribute& attribute, Texts* texts) {
  attribute.key = {};
  std::string_view value;
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    if (tag == Tag(of_key_value::kKey, Wire::kBytes))
      attribute.key = in.Bytes();
    else if (tag == Tag(of_key_value::kValue, Wire::kBytes))
      value = in.Bytes();
    else
      in.Skip(tag);
  }
  return in.ok() && ReadValue(value, attribute.value, texts);
}

// Key and value of less than 128 bytes each, one behind the other: nearly all. The rest as above.
inline bool ReadAttribute(std::string_view message, Attribute& attribute, Texts* texts) {
  const char* const at = message.data();
  const size_t key = message.size() < 4 ? 0 : Byte(at + 1);
  if (key < 0x80 && key + 4 <= message.size() && at[0] == kKeyTag && at[key + 2] == kValueTag)
      [[likely]] {
    const size_t size = message.size() - key - 4;
    if (size < 0x80 && Byte(at + key + 3) == size) [[likely]] {
      const char* const value = at + key + 4;
      attribute.key = {at + 2, key};
      if (size >= 2 && value[0] == kTextTag && Byte(value + 1) == size - 2) [[likely]] {
        attribute.value = Value::Text({value + 2, size - 2});
        return true;
      }
      if (size == 2 && Byte(value + 1) < 0x80 && (value[0] == kIntTag || value[0] == kBoolTag)) {
        const int64_t number = Byte(value + 1);
        attribute.value = value[0] == kIntTag ? Value::Int(number) : Value::Bool(number != 0);
        return true;
      }
      return ReadValue({value, size}, attribute.value, texts);
    }
  }
  return ReadAnyAttribute(message, attribute, texts);
}

bool IsTrue(const Value& value) { return value.type == Value::Type::kBool && value.integer != 0; }

}  // namespace

bool SpanReader::Fail(const char* found, const char* expected, const char* at) {
  if (problem_.found == nullptr) problem_ = {found, expected, at};
  return false;
}

bool SpanReader::Read(std::string_view message) {
  static const spans::Span kBlank;
  span_ = kBlank;
  problem_ = {};
  bad_links_ = 0;
  attributes_.clear();
  if (!events_.empty() || !links_.empty()) {
    nested_.clear();
    events_.clear();
    links_.clear();
    of_events_.clear();
    of_links_.clear();
  }
  if (texts_ != nullptr) texts_->clear();

  std::string_view trace_id, span_id, parent_id;
  bool has_start = false, has_end = false;
  uint64_t start = 0, end = 0;
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    switch (tag) {
      case Tag(of_span::kTraceId, Wire::kBytes):
        trace_id = in.Bytes();
        break;
      case Tag(of_span::kSpanId, Wire::kBytes):
        span_id = in.Bytes();
        break;
      case Tag(of_span::kTraceState, Wire::kBytes):
        span_.trace_state = in.Bytes();
        break;
      case Tag(of_span::kParentSpanId, Wire::kBytes):
        parent_id = in.Bytes();
        break;
      case Tag(of_span::kName, Wire::kBytes):
        span_.name = in.Bytes();
        break;
      case Tag(of_span::kKind, Wire::kVarint): {
        const uint64_t kind = in.Varint();
        span_.kind = kind <= uint64_t{static_cast<uint8_t>(SpanKind::kConsumer)}
                         ? static_cast<SpanKind>(kind)
                         : SpanKind::kUnspecified;
        break;
      }
      case Tag(of_span::kStart, Wire::kFixed64):
        start = in.Fixed64();
        has_start = true;
        break;
      case Tag(of_span::kEnd, Wire::kFixed64):
        end = in.Fixed64();
        has_end = true;
        break;
      case Tag(of_span::kAttributes, Wire::kBytes): {
        const std::string_view bytes = in.Bytes();
        Attribute& attribute = attributes_.emplace_back();
        if (!ReadAttribute(bytes, attribute, texts_)) [[unlikely]]
          return Fail("an attribute that is damaged", "a key and a value", bytes.data());
        if (spans::IsOwnKey(attribute.key)) [[unlikely]] {
          if (attribute.key == kFollowsFromKey)
            span_.follows_from = IsTrue(attribute.value);
          else if (attribute.key == kSharedKey)
            span_.shared = IsTrue(attribute.value);
          else
            break;
          attributes_.pop_back();
        }
        break;
      }
      case Tag(of_span::kDroppedAttributes, Wire::kVarint):
        span_.dropped_attributes = static_cast<uint32_t>(in.Varint());
        break;
      case Tag(of_span::kEvents, Wire::kBytes):
        if (!ReadEvent(in.Bytes())) return false;
        break;
      case Tag(of_span::kDroppedEvents, Wire::kVarint):
        span_.dropped_events = static_cast<uint32_t>(in.Varint());
        break;
      case Tag(of_span::kLinks, Wire::kBytes):
        if (!ReadLink(in.Bytes())) return false;
        break;
      case Tag(of_span::kDroppedLinks, Wire::kVarint):
        span_.dropped_links = static_cast<uint32_t>(in.Varint());
        break;
      case Tag(of_span::kStatus, Wire::kBytes):
        if (!ReadStatus(in.Bytes())) return false;
        break;
      case Tag(of_span::kFlags, Wire::kFixed32):
        span_.flags = in.Fixed32();
        break;
      default:
        in.Skip(tag);
    }
  }
  if (!in.ok()) return Fail(Describe(in.fault()), "the fields of a span", in.at());

  if (trace_id.size() != 16)
    return Fail("a trace id of a wrong length", "16 bytes", trace_id.data());
  if (span_id.size() != 8) return Fail("a span id of a wrong length", "8 bytes", span_id.data());
  span_.trace = spans::MakeTraceId(BigEndian64(trace_id.data()), BigEndian64(trace_id.data() + 8));
  span_.id = BigEndian64(span_id.data());
  if (span_.id == 0 || (span_.trace.hi | span_.trace.lo) == 0)
    return Fail("an id of zeros", "a trace id and a span id", span_id.data());
  if (!parent_id.empty()) {
    if (parent_id.size() != 8)
      return Fail("a parent's id of a wrong length", "8 bytes or none", parent_id.data());
    span_.parent = BigEndian64(parent_id.data());
  }
  // Zero is not written by others; we write it where a source's clock begins at zero.
  if (has_start) span_.start_ns = static_cast<int64_t>(start);
  if (has_start && has_end) span_.duration_ns = static_cast<int64_t>(end - start);
  Resolve();
  return true;
}

// Vectors no longer move.
void SpanReader::Resolve() {
  span_.attributes = attributes_;
  if (events_.empty() && links_.empty()) [[likely]]
    return;
  // Events and links may alternate, but those of one stand side by side.
  const std::span<const Attribute> all(nested_);
  for (size_t i = 0; i < events_.size(); ++i)
    events_[i].attributes = all.subspan(of_events_[i].first, of_events_[i].count);
  for (size_t i = 0; i < links_.size(); ++i)
    links_[i].attributes = all.subspan(of_links_[i].first, of_links_[i].count);
  span_.events = events_;
  span_.links = links_;
}

bool SpanReader::ReadEvent(std::string_view message) {
  spans::Event& event = events_.emplace_back();
  const size_t first = nested_.size();
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    switch (tag) {
      case Tag(of_event::kTime, Wire::kFixed64):
        event.time_ns = static_cast<int64_t>(in.Fixed64());
        break;
      case Tag(of_event::kName, Wire::kBytes):
        event.name = in.Bytes();
        break;
      case Tag(of_event::kAttributes, Wire::kBytes): {
        const std::string_view bytes = in.Bytes();
        if (!ReadAttribute(bytes, nested_.emplace_back(), texts_))
          return Fail("an event's attribute that is damaged", "a key and a value", bytes.data());
        break;
      }
      case Tag(of_event::kDroppedAttributes, Wire::kVarint):
        event.dropped_attributes = static_cast<uint32_t>(in.Varint());
        break;
      default:
        in.Skip(tag);
    }
  }
  of_events_.push_back(RangeFrom(first));
  return in.ok() || Fail(Describe(in.fault()), "the fields of an event", in.at());
}

bool SpanReader::ReadLink(std::string_view message) {
  spans::Link& link = links_.emplace_back();
  const size_t first = nested_.size();
  std::string_view trace_id, span_id;
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    switch (tag) {
      case Tag(of_link::kTraceId, Wire::kBytes):
        trace_id = in.Bytes();
        break;
      case Tag(of_link::kSpanId, Wire::kBytes):
        span_id = in.Bytes();
        break;
      case Tag(of_link::kTraceState, Wire::kBytes):
        link.trace_state = in.Bytes();
        break;
      case Tag(of_link::kAttributes, Wire::kBytes): {
        const std::string_view bytes = in.Bytes();
        Attribute& attribute = nested_.emplace_back();
        if (!ReadAttribute(bytes, attribute, texts_))
          return Fail("a link's attribute that is damaged", "a key and a value", bytes.data());
        if (attribute.key == kRefTypeKey && attribute.value.text == kChildOf) {
          link.child_of = true;
          nested_.pop_back();
        }
        break;
      }
      case Tag(of_link::kDroppedAttributes, Wire::kVarint):
        link.dropped_attributes = static_cast<uint32_t>(in.Varint());
        break;
      case Tag(of_link::kFlags, Wire::kFixed32):
        link.flags = in.Fixed32();
        break;
      default:
        in.Skip(tag);
    }
  }
  if (!in.ok()) return Fail(Describe(in.fault()), "the fields of a link", in.at());
  if (trace_id.size() != 16 || span_id.size() != 8) {
    if (bad_links_++ == 0)
      bad_link_ = {"a link whose ids have a wrong length", "16 and 8 bytes", message.data()};
    links_.pop_back();
    nested_.resize(first);
    return true;
  }
  link.trace = spans::MakeTraceId(BigEndian64(trace_id.data()), BigEndian64(trace_id.data() + 8));
  link.span = BigEndian64(span_id.data());
  of_links_.push_back(RangeFrom(first));
  return true;
}

bool SpanReader::ReadStatus(std::string_view message) {
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    if (tag == Tag(of_status::kMessage, Wire::kBytes)) {
      span_.status_message = in.Bytes();
    } else if (tag == Tag(of_status::kCode, Wire::kVarint)) {
      const uint64_t code = in.Varint();
      span_.status = code == 1   ? model::Status::kOk
                     : code == 2 ? model::Status::kError
                                 : model::Status::kUnset;
    } else {
      in.Skip(tag);
    }
  }
  return in.ok() || Fail(Describe(in.fault()), "the fields of a status", in.at());
}

bool ResourceReader::Read(std::string_view message) {
  resource_ = {};
  attributes_.clear();
  if (texts_ != nullptr) texts_->clear();
  bool named = false, ok = true;
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    if (tag == Tag(of_resource::kAttributes, Wire::kBytes)) {
      const std::string_view bytes = in.Bytes();
      if (!in.ok()) break;
      Attribute attribute;
      if (!ReadAttribute(bytes, attribute, texts_)) {
        ok = false;
        continue;
      }
      if (!named && attribute.key == "service.name" && attribute.value.type == Value::Type::kText) {
        resource_.service = attribute.value.text;
        named = true;
        continue;
      }
      attributes_.push_back(attribute);
    } else if (tag == Tag(of_resource::kDroppedAttributes, Wire::kVarint)) {
      resource_.dropped_attributes = static_cast<uint32_t>(in.Varint());
    } else {
      in.Skip(tag);
    }
  }
  resource_.attributes = attributes_;
  return ok && in.ok();
}

bool ScopeReader::Read(std::string_view message) {
  scope_ = {};
  attributes_.clear();
  if (texts_ != nullptr) texts_->clear();
  bool ok = true;
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    switch (tag) {
      case Tag(of_scope::kName, Wire::kBytes):
        scope_.name = in.Bytes();
        break;
      case Tag(of_scope::kVersion, Wire::kBytes):
        scope_.version = in.Bytes();
        break;
      case Tag(of_scope::kAttributes, Wire::kBytes): {
        Attribute attribute;
        if (ReadAttribute(in.Bytes(), attribute, texts_))
          attributes_.push_back(attribute);
        else
          ok = false;
        break;
      }
      case Tag(of_scope::kDroppedAttributes, Wire::kVarint):
        scope_.dropped_attributes = static_cast<uint32_t>(in.Varint());
        break;
      default:
        in.Skip(tag);
    }
  }
  scope_.attributes = attributes_;
  return ok && in.ok();
}

}  // namespace plumbago::formats::otlp_proto
