// What is kept of the spans of one operation that have one attribute: how many, how many failed,
// how long they took; by groups of time, so that an interval can be told.
//
// Requests near in time depend on each other, and spans of one request all the more (T11). So what
// is resampled are blocks of kBlockNs by the start of the request, put by hash into kGroups groups;
// all spans of a request are in one. The logarithm of the duration is QuantileSketch's bucket: 35
// an octave, an integer, so that sums are exact.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "graph/key_parts.h"
#include "model/names.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {

// One span.
struct AttributeSpan {
  uint64_t mark = 0;  // tells it from others: a hash of its trace and id
  int64_t duration_ns = 0;
  uint8_t group = 0;
  bool failed = false;
};

struct AttributeCell {
  static constexpr size_t kGroups = 16;
  static constexpr int64_t kBlockNs = 1'000'000'000;
  static constexpr size_t kHeapBytes = 1400;

  model::ServiceId service = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  model::AttributeId attribute = model::kNoAttribute;  // kNoAttribute: all spans of the operation

  struct Group {
    uint64_t spans = 0;
    uint64_t failed = 0;
    uint64_t logs = 0;
    friend bool operator==(const Group&, const Group&) = default;
  };
  std::array<Group, kGroups> groups{};
  uint64_t squares = 0;  // of the logarithms
  uint64_t marks = 0;    // sum of the spans'
  statistics::QuantileSketch latency;

  // Of a request that begins then; `trace_hash`: where that is not known.
  static uint8_t GroupOf(int64_t start_ns, uint64_t trace_hash);
  static uint64_t LogOf(int64_t duration_ns) {
    return duration_ns <= 0 ? 0 : statistics::QuantileSketch::BucketOf(duration_ns);
  }
  void Add(const AttributeSpan& span) {
    const uint64_t log = LogOf(span.duration_ns);
    Group& group = groups[span.group];
    ++group.spans;
    group.failed += span.failed ? 1 : 0;
    group.logs += log;
    squares += log * log;
    marks += span.mark;
    latency.Add(span.duration_ns);
  }
  uint64_t spans() const { return latency.count(); }
  uint64_t failed() const;
  // Whether both are, beyond doubt, of the same spans.
  bool SameSpans(const AttributeCell& other) const {
    return marks == other.marks && groups == other.groups;
  }

  static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                   graph::kKeyPart<model::OperationId>,
                                   graph::kKeyPart<model::AttributeId>};
  std::array<uint32_t, 3> key() const {
    return {Index(service), Index(operation), Index(attribute)};
  }
  void set_key(const std::array<uint32_t, 3>& key);
  void Merge(const AttributeCell& other);
  void Save(std::string& out) const;
  [[nodiscard]] bool Load(statistics::StateReader& in);
};

}  // namespace plumbago::analysis
