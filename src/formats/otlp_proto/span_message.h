// The messages Span, Resource and InstrumentationScope of OTLP, as the structs of formats/spans.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "formats/otlp_proto/any_value.h"
#include "formats/spans/span.h"

namespace plumbago::formats::otlp_proto {

// What is wrong with a message: both texts are literals.
struct Problem {
  const char* found = nullptr;  // nullptr: nothing
  const char* expected = nullptr;
  const char* at = nullptr;  // in the message
};

// Reads one span after the other; memory is kept from one to the next. One thread.
class SpanReader {
 public:
  // `json`: whether the texts of arrays and maps are wanted.
  explicit SpanReader(bool json) : texts_(json ? &kept_ : nullptr) {}

  // False: it is no span (problem()). Links that lead nowhere are left out: first_bad_link().
  bool Read(std::string_view message);
  // Of the last Read; views point into the message. `resource` and `scope` are the caller's to set.
  spans::Span& span() { return span_; }
  const Problem& problem() const { return problem_; }
  size_t bad_links() const { return bad_links_; }
  const Problem& first_bad_link() const { return bad_link_; }

 private:
  struct Range {
    uint32_t first = 0;
    uint32_t count = 0;
  };
  Range RangeFrom(size_t first) const {
    return {static_cast<uint32_t>(first), static_cast<uint32_t>(nested_.size() - first)};
  }
  bool Fail(const char* found, const char* expected, const char* at);
  bool ReadEvent(std::string_view message);
  bool ReadLink(std::string_view message);
  bool ReadStatus(std::string_view message);
  void Resolve();

  spans::Span span_;
  std::vector<spans::Attribute> attributes_;
  std::vector<spans::Attribute> nested_;  // of events and links
  std::vector<Range> of_events_;          // in nested_
  std::vector<Range> of_links_;
  std::vector<spans::Event> events_;
  std::vector<spans::Link> links_;
  Texts kept_;
  Texts* texts_;
  Problem problem_;
  Problem bad_link_;
  size_t bad_links_ = 0;
};

// A resource or a scope with what it points to. One thread.
class ResourceReader {
 public:
  explicit ResourceReader(bool json) : texts_(json ? &kept_ : nullptr) {}

  // False: damage; what stands before it is there.
  bool Read(std::string_view message);
  const spans::Resource& resource() const { return resource_; }

 private:
  spans::Resource resource_;
  std::vector<spans::Attribute> attributes_;
  Texts kept_;
  Texts* texts_;
};

class ScopeReader {
 public:
  explicit ScopeReader(bool json) : texts_(json ? &kept_ : nullptr) {}

  bool Read(std::string_view message);
  const spans::Scope& scope() const { return scope_; }

 private:
  spans::Scope scope_;
  std::vector<spans::Attribute> attributes_;
  Texts kept_;
  Texts* texts_;
};

}  // namespace plumbago::formats::otlp_proto
