// For tests: spans with all that OTLP can say of one, the same for the same seed. Not part of the
// program.
#pragma once

#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "formats/spans/span.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::spans::testing {

// The spans hold as long as this does.
class RandomSpans {
 public:
  explicit RandomSpans(uint64_t seed) : random_(seed) {
    for (size_t i = 0; i < 4; ++i) {
      Resource& resource = resources_.emplace_back();
      if (i > 0) resource.service = Keep("service-" + std::to_string(i));
      resource.attributes = Attributes(i * 2);
      resource.dropped_attributes = i == 2 ? 3 : 0;
      Scope& scope = scopes_.emplace_back();
      if (i > 0) scope.name = Keep("library-" + std::to_string(i));
      if (i > 1) scope.version = "1.2";
      scope.attributes = Attributes(i);
      scope.dropped_attributes = i == 3 ? 5 : 0;
    }
  }

  const Span& Next() {
    Span& span = spans_.emplace_back();
    span.trace = MakeTraceId(One(3) ? 0 : random_(), random_() | 1);
    span.id = random_() | 1;
    span.parent = One(3) ? 0 : random_() | 1;
    span.start_ns =
        One(20) ? 0
                : 1'700'000'000'000'000'000 + static_cast<int64_t>(random_() % 1'000'000'000'000);
    span.duration_ns = One(20) ? -5'000 : static_cast<int64_t>(random_() % 10'000'000'000);
    if (One(20)) span.duration_ns = model::kNoTime;
    if (One(20)) span.start_ns = span.duration_ns = model::kNoTime;
    span.name = Text();
    span.kind = static_cast<SpanKind>(random_() % 6);
    span.status = static_cast<model::Status>(random_() % 3);
    span.follows_from = span.parent != 0 && One(10);
    span.shared = span.kind == SpanKind::kServer && One(5);
    span.flags = One(2) ? 0 : static_cast<uint32_t>(random_());
    span.status_message = One(3) ? Text() : "";
    span.trace_state = One(4) ? "ot=th:c,vendor=a:b" : "";
    span.resource = &resources_[random_() % resources_.size()];
    span.scope = One(4) ? nullptr : &scopes_[random_() % scopes_.size()];
    span.attributes = Attributes(random_() % 6);
    if (One(3)) {
      std::vector<Event>& events = events_.emplace_back(random_() % 4);
      for (Event& event : events) {
        event.time_ns = static_cast<int64_t>(random_() % 2'000'000'000'000'000'000);
        event.name = Text();
        event.attributes = Attributes(random_() % 3);
        event.dropped_attributes = One(5) ? 1000 : 0;
      }
      span.events = events;
    }
    if (One(3)) {
      std::vector<Link>& links = links_.emplace_back(random_() % 4);
      for (Link& link : links) {
        link.trace = MakeTraceId(random_(), random_());
        link.span = random_() | 1;
        link.trace_state = One(3) ? "a=b" : "";
        link.attributes = Attributes(random_() % 3);
        link.dropped_attributes = One(5) ? 2 : 0;
        link.flags = One(2) ? 0 : static_cast<uint32_t>(random_());
        link.child_of = One(4);
      }
      span.links = links;
    }
    span.dropped_attributes = One(6) ? static_cast<uint32_t>(random_()) : 0;
    span.dropped_events = One(6) ? 70'000 : 0;
    span.dropped_links = One(6) ? 1 : 0;
    return span;
  }

 private:
  bool One(uint64_t in) { return random_() % in == 0; }
  std::string_view Keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  // UTF-8 of all lengths.
  std::string_view Text() {
    static constexpr std::string_view kParts[] = {
        "GET /", "a", "\"", "\\", "\n", "\x01", "ü", "日本", "😀", " ", "checkout", "0", "{}", ","};
    std::string text;
    for (size_t parts = One(40) ? 60 : random_() % 6; parts > 0; --parts)
      text += kParts[random_() % std::size(kParts)];
    return Keep(std::move(text));
  }
  Value AnyValue() {
    switch (random_() % 9) {
      case 0:
        return Value::Bool(One(2));
      case 1:
        return Value::Int(static_cast<int64_t>(random_() >> random_() % 64));
      case 2:
        return Value::Int(One(2) ? std::numeric_limits<int64_t>::min() : -1);
      case 3:
        return Value::Double(static_cast<double>(random_()) / 1e7);
      case 4:
        return Value::Double(One(2)   ? std::numeric_limits<double>::infinity()
                             : One(2) ? -0.0
                                      : std::numeric_limits<double>::denorm_min());
      case 5: {
        std::string bytes(random_() % 7, 0);
        for (char& c : bytes) c = static_cast<char>(random_());
        return {Value::Type::kBytes, Keep(std::move(bytes)), 0, 0};
      }
      case 6: {
        static constexpr std::string_view kJson[] = {
            R"({"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"x"},{"boolValue":true}]}})",
            R"({"kvlistValue":{"values":[{"key":"a","value":{"doubleValue":1.5}},)"
            R"({"key":"b \"c\"","value":{"arrayValue":{"values":[{"bytesValue":"AQI="}]}}}]}})",
            R"({"arrayValue":{"values":[{"arrayValue":{"values":[{"intValue":"-9"}]}}]}})", "{}"};
        return {Value::Type::kJson, kJson[random_() % std::size(kJson)], 0, 0};
      }
      default:
        return Value::Text(Text());
    }
  }
  std::span<const Attribute> Attributes(size_t count) {
    std::vector<Attribute>& attributes = attributes_.emplace_back();
    for (size_t i = 0; i < count; ++i) {
      static constexpr std::string_view kKeys[] = {
          "http.method", "db.system", "peer.service", "k", "key with \"quotes\"", "server.port"};
      attributes.push_back({kKeys[random_() % std::size(kKeys)], AnyValue()});
    }
    return attributes;
  }

  std::mt19937_64 random_;
  std::deque<std::string> texts_;
  std::deque<std::vector<Attribute>> attributes_;
  std::deque<std::vector<Event>> events_;
  std::deque<std::vector<Link>> links_;
  std::deque<Resource> resources_;
  std::deque<Scope> scopes_;
  std::deque<Span> spans_;
};

}  // namespace plumbago::formats::spans::testing
