#include "graph/span_windows.h"

#include <algorithm>

namespace plumbago::graph {
namespace {

using model::Kind;
using model::Side;

constexpr int64_t kClocksDiffer = 2'000'000;

// Nobody waits for a consumer. One that polls within its own service is work like any other.
bool Consumes(const TraceSpan& child, const TraceSpan& parent) {
  if (child.kind != Kind::kMessage || child.side != Side::kServer) return false;
  const bool produced = parent.kind == Kind::kMessage && parent.side == Side::kClient;
  return produced || parent.side == Side::kServer || parent.service != child.service;
}

bool ServersHalf(const TraceSpan& child, const TraceSpan& parent) {
  if (child.call == kNone || child.call != parent.call) return false;
  return child.service != parent.service ||
         (child.side == Side::kServer && parent.side == Side::kClient);
}

// How far the server's half lies outside the time of its client's: later (above 0) or earlier.
int64_t ShiftInto(const SpanWindow& client, const SpanWindow& server) {
  if (server.start_ns < client.start_ns) return client.start_ns - server.start_ns;
  if (server.start_ns < client.end_ns || server.length() == 0) return 0;
  return std::max(client.start_ns - server.start_ns, client.end_ns - server.end_ns);
}

}  // namespace

SpanPlace SpanWindows::PlaceBelow(uint32_t child_index, uint32_t parent_index) {
  const TraceSpan& child = spans_[child_index];
  const TraceSpan& parent = spans_[parent_index];
  const SpanWindow& above = windows_[parent_index];
  SpanWindow& window = windows_[child_index];
  int64_t shift = shifts_[parent_index];
  shifts_[child_index] = shift;
  window = {child.start_ns + shift, child.end_ns() + shift};
  if (Consumes(child, parent)) return SpanPlace::kAsynchronous;
  const bool half = ServersHalf(child, parent);
  if (half && (shift = ShiftInto(above, window)) != 0) {
    ++shifted_;
    shifts_[child_index] += shift;
    window = {window.start_ns + shift, window.end_ns + shift};
  }
  // What only touches its parent is outside, but for a moment without length.
  const bool empty = window.length() == 0;
  if (empty ? window.end_ns < above.start_ns : window.end_ns <= above.start_ns)
    return SpanPlace::kBefore;
  if (empty ? window.start_ns > above.end_ns : window.start_ns >= above.end_ns)
    return options_.clip_outliving ? SpanPlace::kBefore : SpanPlace::kAsynchronous;
  if (window.end_ns > above.end_ns && !options_.clip_outliving && !half) {
    const int64_t allowed = child.service == parent.service
                                ? options_.tick_ns
                                : std::max(options_.tick_ns, kClocksDiffer);
    if (window.end_ns - above.end_ns > std::min(allowed, above.length() / 2))
      return SpanPlace::kAsynchronous;
  }
  window.start_ns = std::max(window.start_ns, above.start_ns);
  window.end_ns = std::min(window.end_ns, above.end_ns);
  return SpanPlace::kWaited;
}

void SpanWindows::Set(std::span<const TraceSpan> spans, Options options) {
  spans_ = spans;
  options_ = options;
  places_.resize(spans.size());
  windows_.resize(spans.size());
  shifts_.resize(spans.size());
  starts_.clear();
  shifted_ = 0;
  for (uint32_t i = 0; i < spans.size(); ++i) {
    const TraceSpan& span = spans[i];
    const uint32_t above = span.parent;
    SpanPlace place = SpanPlace::kWaited;
    if (above != kNone && !timed(above)) {
      place = SpanPlace::kDropped;
    } else if (!span.timed()) {
      place = SpanPlace::kUntimed;
    } else if (above == kNone) {
      windows_[i] = {span.start_ns, span.end_ns()};
      shifts_[i] = 0;
      starts_.push_back(i);
    } else {
      place = PlaceBelow(i, above);
      if (place == SpanPlace::kAsynchronous) starts_.push_back(i);
    }
    places_[i] = place;
  }
}

}  // namespace plumbago::graph
