// plumbago export pprof: the merged call tree for google/pprof.
#include <fmt/format.h>

#include "cli/profile_export.h"
#include "render/pprof_profile.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"-o", "FILE", "write to FILE (.zst: compressed so; all else is gzip, as pprof has it)",
     "standard output"},
    kCriticalFlag,
    kRepairFlag,
    kFormatFlag,
    kMapFlag,
    kMapColumnFlag,
    kThreadsFlag,
    kMemoryFlag,
    kStrictFlag,
};

Result<int> Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const ProfileFile out, OpenProfile(arguments));
  ASSIGN_OR_RETURN(const engine::MergedCalls merged, MergedCallsFrom(arguments));
  const render::CallTree tree = TreeOf(merged, arguments.Has("--critical"));
  render::PprofOptions options;
  // The file compresses what its name says.
  const std::string& path = out.file->path();
  options.gzip = !path.ends_with(".gz") && !path.ends_with(".zst");
  options.comments = {
      ExporterName(), InputsName(arguments),
      fmt::format("{} of {} spans in {} traces", tree.time_name, merged.spans, merged.traces)};
  RETURN_IF_ERROR(render::WritePprof(tree, options, out.put));
  RETURN_IF_ERROR(out.file->Commit());
  return FinishProfile(arguments, merged);
}

}  // namespace

extern const Command kExportPprof;
const Command kExportPprof{
    "export pprof",
    "a profile of services and operations, for go tool pprof",
    "INPUT...",
    "Lays the call trees of all traces over each other and writes them as a profile of "
    "google/pprof "
    "(gzip, profile.proto), which pprof, Pyroscope, Polar Signals and speedscope open. A function "
    "is a service and an operation, its file is the service. Two values a stack: time, in "
    "nanoseconds, and "
    "spans.\n"
    "The time is own time, or with --critical the time on the critical path (as in export "
    "folded). pprof calls it flat; cum is with all that was called.",
    kFlags,
    "  plumbago export pprof traces/ -o traces.pb.gz\n"
    "  go tool pprof -top traces.pb.gz\n"
    "  go tool pprof -top -files -sample_index=spans traces.pb.gz\n"
    "  plumbago export pprof --critical new/ -o new.pb.gz\n"
    "  go tool pprof -http=: -diff_base old.pb.gz new.pb.gz\n",
    false,
    Run,
};

}  // namespace plumbago::cli
