// plumbago export chrome-trace: single traces for Perfetto and chrome://tracing.
#include <fmt/format.h>

#include "cli/profile_export.h"
#include "cli/trace_profiles.h"
#include "render/chrome_trace.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    kProfileOutFlag,
    {"--slowest", "N", "the N slowest traces", "10"},
    {"--trace", "ID", "this trace alone"},
    kRepairFlag,
    kFormatFlag,
    kMapFlag,
    kMapColumnFlag,
    kThreadsFlag,
    kMemoryFlag,
    kStrictFlag,
};

Result<int> Run(const Arguments& arguments) {
  if (arguments.Has("--trace") && arguments.Has("--slowest")) {
    return Fail(ErrorKind::kUsage, "--trace is one trace, --slowest are several: give one");
  }
  ASSIGN_OR_RETURN(const uint64_t slowest, arguments.Number("--slowest", 10, 1, 10'000));
  ASSIGN_OR_RETURN(const ProfileFile out, OpenProfile(arguments));
  ASSIGN_OR_RETURN(const engine::PickedTraces picked, PickedTracesFrom(arguments, slowest));
  std::vector<render::ProfileTrace> traces;
  traces.reserve(picked.traces.size());
  for (const engine::PickedTrace& trace : picked.traces) {
    traces.push_back(ProfileOf(trace, *picked.names));
  }
  ASSIGN_OR_RETURN(const render::ChromeTraceWritten written,
                   render::WriteChromeTrace(traces, out.put));
  RETURN_IF_ERROR(out.file->Commit());
  if (written.untimed > 0) {
    fmt::print(stderr, "plumbago: {} spans have no start or no duration: they are left out\n",
               written.untimed);
  }
  return ExitCode(arguments, picked.interrupted, DamageText(picked.damage));
}

}  // namespace

extern const Command kExportChromeTrace;
const Command kExportChromeTrace{
    "export chrome-trace",
    "single traces, for Perfetto and chrome://tracing",
    "INPUT...",
    "Writes the slowest traces, or one, in Chrome's trace-event format, which ui.perfetto.dev and "
    "chrome://tracing open (the file stays in your browser). A service is a process; spans that "
    "run side by side are threads of it; arrows lead to asynchronous spans. The arguments of a "
    "span say its id, its status, and how much of it is on the critical path.\n"
    "Traces stand one after the other, the slowest first, whatever their dates: the process "
    "\"traces\" has an event for each, which tells when it began.",
    kFlags,
    "  plumbago export chrome-trace traces/ -o slowest.json\n"
    "  plumbago export chrome-trace --trace 1003ab64d0d247f2 traces/ -o one.json.gz\n",
    false,
    Run,
};

}  // namespace plumbago::cli
