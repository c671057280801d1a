// What query APIs answer, cut into traces: each as a text of lines that a format reads, with what a
// puller must know of it. Nothing is decoded but ids, times and counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumbago::fetch {

// A trace's id, whatever form it is written in: hex with or without zeros in front, base64 (as
// protobuf writes it), else a hash of its text.
struct TraceKey {
  uint64_t hi = 0, lo = 0;
  bool operator==(const TraceKey&) const = default;
};
struct TraceKeyHash {
  size_t operator()(const TraceKey& key) const { return key.lo ^ (key.hi * 0x9e3779b97f4a7c15u); }
};
TraceKey KeyOf(std::string_view id);

inline constexpr int64_t kNoMoment = INT64_MIN;

// A trace that came. `text` is one line or more, each with its line break.
struct GotTrace {
  TraceKey key;
  uint64_t spans = 0;
  int64_t first_ns = kNoMoment;  // start of a span
  int64_t last_ns = kNoMoment;   // end of a span
  std::string text;
};

// A trace of which a list tells.
struct ListedTrace {
  TraceKey key;
  std::string id;      // 32 hex digits, or as it stands
  uint64_t spans = 0;  // 0: not told
  int64_t start_ns = kNoMoment;
  int64_t duration_ns = 0;
};

struct Answer {
  std::vector<GotTrace> traces;
  std::vector<ListedTrace> listed;
  bool cut_short = false;  // the server says that it did not look everywhere
  bool partial = false;    // the server says that something of it is missing
};

// All of them: false if `body` is not what it should be, or not whole; `answer` is of no use then.

// OTLP JSON: {"result":{"resourceSpans":[..]}} (Jaeger v3, also several one behind the other),
// {"trace":{"resourceSpans":[..]},"status":"PARTIAL"} (Tempo v2), {"batches":[..]} (Tempo v1).
// Traces that are mixed are told apart.
bool ReadOtlp(std::string_view body, Answer& answer);
// {"data":[trace..],"errors":[..]}
bool ReadJaeger(std::string_view body, Answer& answer);
// [[span..]..], or [span..] of one trace.
bool ReadZipkin(std::string_view body, Answer& answer);
// {"traces":[{"traceID":..}],"metrics":{"completedJobs":2,"totalJobs":3}}
bool ReadTempoSearch(std::string_view body, Answer& answer);
// {"summaries":[{"traceId":..,"spanCount":2}]}
bool ReadSummaries(std::string_view body, Answer& answer);

// The texts of an array: of `key` in an object, of the whole body if `key` is "". Sorted, each
// once, empty ones left out. Nothing: there is no such array.
std::optional<std::vector<std::string>> ReadNames(std::string_view body, std::string_view key);

// For messages: what stands in an answer that is no data, in at most 120 printable characters.
std::string Excerpt(std::string_view body);

}  // namespace plumbago::fetch
