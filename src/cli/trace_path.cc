#include "cli/trace_path.h"

#include <algorithm>
#include <limits>

namespace plumbago::cli {
namespace {

bool IsLastChild(const std::vector<graph::TraceSpan>& spans, uint32_t span) {
  return spans[span].subtree_end == spans[spans[span].parent].subtree_end;
}

std::string LevelsOf(const std::vector<graph::TraceSpan>& spans, uint32_t span) {
  std::string levels(1, IsLastChild(spans, span) ? '`' : '+');
  for (uint32_t at = spans[span].parent; spans[at].parent != graph::kNone; at = spans[at].parent) {
    levels += IsLastChild(spans, at) ? ' ' : '|';
  }
  std::reverse(levels.begin(), levels.end());
  return levels;
}

using Parts = std::vector<render::WaterfallSpan::Part>;

// A span is drawn with all that stands above it, or not at all.
std::vector<bool> Drawn(const std::vector<graph::TraceSpan>& spans, const std::vector<Parts>& parts,
                        size_t most) {
  if (spans.size() <= most) return std::vector<bool>(spans.size(), true);
  std::vector<bool> drawn(spans.size(), false);
  size_t room = most;
  std::vector<uint32_t> above;
  const auto draw = [&](uint32_t span) {
    above.clear();
    for (uint32_t at = span; at != graph::kNone && !drawn[at]; at = spans[at].parent) {
      if (above.size() == room) return;
      above.push_back(at);
    }
    for (const uint32_t at : above) drawn[at] = true;
    room -= above.size();
  };
  for (uint32_t i = 0; i < spans.size() && room > 0; ++i) {
    if (!parts[i].empty()) draw(i);
  }
  for (uint32_t i = 0; i < spans.size() && room > 0; ++i) draw(i);
  return drawn;
}

}  // namespace

TimedSpans::TimedSpans(std::span<const graph::TraceSpan> spans)
    : first_ns(std::numeric_limits<int64_t>::max()), last_ns(std::numeric_limits<int64_t>::min()) {
  windows.Set(spans);
  path.Find(windows);
  for (const graph::TraceSpan& span : spans) {
    if (!span.timed()) continue;
    first_ns = std::min(first_ns, span.start_ns);
    last_ns = std::max(last_ns, span.end_ns());
  }
}

render::Waterfall WaterfallOf(const engine::ShownTrace& shown, const model::Names& names,
                              size_t most_spans) {
  std::vector<graph::TraceSpan> spans;
  spans.reserve(shown.spans.size());
  for (const engine::ShownSpan& one : shown.spans) spans.push_back(one.span);
  const TimedSpans times(spans);
  const int64_t first = times.first_ns;
  std::vector<Parts> parts(spans.size());
  for (const graph::CriticalPath::Path& one : times.path.paths()) {
    if (one.asynchronous) continue;
    for (const graph::PathSection& section : times.path.sections(one)) {
      parts[section.span].push_back({section.start_ns - first, section.end_ns - first});
    }
  }

  const std::vector<bool> drawn = Drawn(spans, parts, most_spans);
  render::Waterfall waterfall;
  if (times.any()) waterfall.end_ns = times.last_ns - first;
  std::vector<uint32_t> depth(spans.size(), 0);
  for (uint32_t i = 0; i < spans.size(); ++i) {
    const graph::TraceSpan& span = spans[i];
    if (span.parent != graph::kNone) depth[i] = depth[span.parent] + 1;
    if (!drawn[i]) {
      ++waterfall.more_spans;
      continue;
    }
    render::WaterfallSpan& line = waterfall.spans.emplace_back();
    line.service = names.Text(span.service);
    line.operation = names.Text(span.operation);
    line.depth = depth[i];
    line.same_service = span.parent != graph::kNone && spans[span.parent].service == span.service;
    if (depth[i] > 0 && depth[i] <= render::kWaterfallLevels) line.levels = LevelsOf(spans, i);
    line.timed = span.timed();
    if (line.timed) {
      line.start_ns = span.start_ns - first;
      line.duration_ns = span.duration_ns;
    }
    line.error = span.status == model::Status::kError;
    line.inserted = span.inserted;
    line.asynchronous = times.windows.place(i) == graph::SpanPlace::kAsynchronous;
    line.on_path = std::move(parts[i]);
    line.known = shown.spans[i].known;
    line.slower_than = shown.spans[i].slower_than;
  }
  return waterfall;
}

}  // namespace plumbago::cli
