#include "cli/trace_profiles.h"

#include "cli/input_flags.h"
#include "cli/trace_path.h"
#include "cli/wanted_trace.h"

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
  ASSIGN_OR_RETURN(options.mode, RepairFrom(arguments));
  options.most = slowest;
  const auto id = arguments.Value("--trace");
  if (id) options.only = TraceIdsOf(*id);
  ASSIGN_OR_RETURN(engine::PickedTraces picked, engine::PickTraces(options));
  if (id && picked.traces.empty())
    return NoSuchTrace(*id, picked.read, picked.dropped, options.mode);
  return picked;
}

render::ProfileTrace ProfileOf(const engine::PickedTrace& trace, const model::Names& names) {
  const TimedSpans times(trace.spans);
  const int64_t first = times.first_ns;
  render::ProfileTrace profile;
  profile.id = ShortText(trace.id);
  if (times.any()) {
    profile.start_ns = first;
    profile.duration_ns = times.last_ns - first;
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
    one.asynchronous = times.windows.place(i) == graph::SpanPlace::kAsynchronous;
    if (!one.timed) continue;
    one.start_ns = span.start_ns - first;
    one.end_ns = span.end_ns() - first;
    one.window_start_ns = one.start_ns;
    one.window_end_ns = one.end_ns;
    if (!times.windows.timed(i)) continue;
    one.window_start_ns = times.windows.window(i).start_ns - first;
    one.window_end_ns = times.windows.window(i).end_ns - first;
    one.path_ns = times.path.own_ns(i);
  }
  return profile;
}

}  // namespace plumbago::cli
