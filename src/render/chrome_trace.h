// Traces in Chrome's trace-event format, which ui.perfetto.dev and chrome://tracing open.
//
// A service is a process, called by its name; its spans that overlap without being in each other
// lie on threads of their own (span_lanes.h). Spans are complete events ("X", microseconds), their
// arguments say trace, span, status and how much is on the critical path. An arrow (flow events "s"
// and "f") leads from whoever began an asynchronous span to it.
//
// Several traces stand one after the other, in the order given, whatever their dates: the process
// "traces" has one event for each, which tells when it began.
// Source: "Trace Event Format" (Google, 2016).
#pragma once

#include <span>

#include "render/call_tree.h"
#include "render/pieces.h"
#include "render/trace_profile.h"

namespace plumbago::render {

struct ChromeTraceWritten {
  uint64_t spans = 0;
  uint64_t untimed = 0;  // left out
};

// Errors: those of `put`.
Result<ChromeTraceWritten> WriteChromeTrace(std::span<const ProfileTrace> traces,
                                            const PutText& put);

}  // namespace plumbago::render
