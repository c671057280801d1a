#include "cli/trace_path.h"

#include <algorithm>
#include <limits>

#include "graph/critical_path.h"

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

}  // namespace

render::Waterfall WaterfallOf(const engine::ShownTrace& shown, const model::Names& names,
                              size_t most_spans) {
  std::vector<graph::TraceSpan> spans;
  spans.reserve(shown.spans.size());
  for (const engine::ShownSpan& one : shown.spans) spans.push_back(one.span);
  graph::SpanWindows windows;
  windows.Set(spans);
  graph::CriticalPath path;
  path.Find(windows);

  int64_t first = std::numeric_limits<int64_t>::max();
  int64_t last = std::numeric_limits<int64_t>::min();
  for (const graph::TraceSpan& span : spans) {
    if (!span.timed()) continue;
    first = std::min(first, span.start_ns);
    last = std::max(last, span.end_ns());
  }
  std::vector<std::vector<render::WaterfallSpan::Part>> parts(spans.size());
  for (const graph::CriticalPath::Path& one : path.paths()) {
    if (one.asynchronous) continue;
    for (const graph::PathSection& section : path.sections(one)) {
      parts[section.span].push_back({section.start_ns - first, section.end_ns - first});
    }
  }

  // Which are drawn.
  std::vector<uint8_t> drawn(spans.size(), spans.size() <= most_spans ? 1 : 0);
  if (spans.size() > most_spans) {
    size_t room = most_spans;
    const auto draw = [&](uint32_t span) {
      for (uint32_t at = span; at != graph::kNone && drawn[at] == 0 && room > 0;
           at = spans[at].parent) {
        drawn[at] = 1;
        --room;
      }
    };
    for (uint32_t i = 0; i < spans.size() && room > 0; ++i) {
      if (!parts[i].empty()) draw(i);
    }
    for (uint32_t i = 0; i < spans.size() && room > 0; ++i) draw(i);
  }

  render::Waterfall waterfall;
  if (first <= last) waterfall.end_ns = last - first;
  std::vector<uint32_t> depth(spans.size(), 0);
  for (uint32_t i = 0; i < spans.size(); ++i) {
    const graph::TraceSpan& span = spans[i];
    if (span.parent != graph::kNone) depth[i] = depth[span.parent] + 1;
    if (drawn[i] == 0) {
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
    line.asynchronous = windows.place(i) == graph::SpanPlace::kAsynchronous;
    line.on_path = std::move(parts[i]);
    line.known = shown.spans[i].known;
    line.slower_than = shown.spans[i].slower_than;
  }
  return waterfall;
}

}  // namespace plumbago::cli
