#include "cli/trace_profiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cli/input_flags.h"
#include "formats/spans/span_ids.h"
#include "graph/critical_path.h"
#include "graph/span_windows.h"

namespace plumbago::cli {
namespace {

const char* StatusText(model::Status status) {
  switch (status) {
    case model::Status::kOk:
      return "ok";
    case model::Status::kError:
      return "error";
    case model::Status::kUnset:
      break;
  }
  return "unset";
}

}  // namespace

Result<engine::PickedTraces> PickedTracesFrom(const Arguments& arguments, size_t slowest) {
  engine::PickTracesOptions options;
  ASSIGN_OR_RETURN(options.read, ReadOptionsFrom(arguments));
  if (arguments.Has("--repair")) {
    ASSIGN_OR_RETURN(options.mode, RepairFrom(arguments));
  }
  options.most = slowest;
  const auto id = arguments.Value("--trace");
  if (id) {
    options.only.push_back(model::TraceId::Parse(*id));
    if (model::TraceId padded; formats::spans::ParseTraceId(*id, padded)) {
      options.only.push_back(padded);
    }
  }
  ASSIGN_OR_RETURN(engine::PickedTraces picked, engine::PickTraces(options));
  if (id && picked.traces.empty()) {
    return Fail(ErrorKind::kBadInput,
                fmt::format("no trace {} among {} read{}", *id, picked.read,
                            picked.dropped == 0
                                ? ""
                                : fmt::format("; {} were left out by --repair {}", picked.dropped,
                                              graph::RepairModeName(options.mode))));
  }
  return picked;
}

render::ProfileTrace ProfileOf(const engine::PickedTrace& trace, const model::Names& names) {
  graph::SpanWindows windows;
  windows.Set(trace.spans);
  graph::CriticalPath path;
  path.Find(windows);
  int64_t first = std::numeric_limits<int64_t>::max();
  int64_t last = std::numeric_limits<int64_t>::min();
  for (const graph::TraceSpan& span : trace.spans) {
    if (!span.timed()) continue;
    first = std::min(first, span.start_ns);
    last = std::max(last, span.end_ns());
  }
  render::ProfileTrace profile;
  profile.id = trace.id.Text();
  if (profile.id.size() == 32 && profile.id.starts_with("0000000000000000")) {
    profile.id.erase(0, 16);  // ids of 64 bits stand without the zeros in front
  }
  if (last >= first) {
    profile.start_ns = first;
    profile.duration_ns = last - first;
  }
  profile.spans.reserve(trace.spans.size());
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    const graph::TraceSpan& span = trace.spans[i];
    render::ProfileSpan& one = profile.spans.emplace_back();
    one.parent = span.parent;
    one.service = names.Text(span.service);
    one.operation = names.Text(span.operation);
    one.kind = model::KindName(span.kind);
    one.status = StatusText(span.status);
    one.id = span.id;
    one.timed = span.timed();
    one.error = span.status == model::Status::kError;
    one.inserted = span.inserted;
    one.asynchronous = windows.place(i) == graph::SpanPlace::kAsynchronous;
    if (!one.timed) continue;
    one.start_ns = span.start_ns - first;
    one.end_ns = span.end_ns() - first;
    one.window_start_ns = one.start_ns;
    one.window_end_ns = one.end_ns;
    if (!windows.timed(i)) continue;
    one.window_start_ns = windows.window(i).start_ns - first;
    one.window_end_ns = windows.window(i).end_ns - first;
    one.path_ns = path.own_ns(i);
  }
  return profile;
}

}  // namespace plumbago::cli
