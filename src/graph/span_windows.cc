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

}  // namespace

SpanPlace SpanWindows::PlaceBelow(const TraceSpan& child, const TraceSpan& parent,
                                  const SpanWindow& above, SpanWindow& window) const {
  window = {child.start_ns, child.end_ns()};
  if (Consumes(child, parent)) return SpanPlace::kAsynchronous;
  // What only touches its parent is outside, but for a moment without length.
  const bool empty = window.length() == 0;
  if (empty ? window.end_ns < above.start_ns : window.end_ns <= above.start_ns)
    return SpanPlace::kBefore;
  if (empty ? window.start_ns > above.end_ns : window.start_ns >= above.end_ns)
    return options_.clip_outliving ? SpanPlace::kBefore : SpanPlace::kAsynchronous;
  if (window.end_ns > above.end_ns && !options_.clip_outliving && !ServersHalf(child, parent)) {
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
  starts_.clear();
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
      starts_.push_back(i);
    } else {
      place = PlaceBelow(span, spans[above], windows_[above], windows_[i]);
      if (place == SpanPlace::kAsynchronous) starts_.push_back(i);
    }
    places_[i] = place;
  }
}

}  // namespace plumbago::graph
