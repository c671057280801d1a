// plumbago export speedscope: the merged call tree, or one trace in time, for speedscope.
#include <fmt/format.h>

#include "cli/profile_export.h"
#include "cli/trace_profiles.h"
#include "render/speedscope_profile.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    kProfileOutFlag, kCriticalFlag, {"--trace", "ID", "this trace in time instead"},
    kRepairFlag,     kFormatFlag,   kMapFlag,
    kMapColumnFlag,  kThreadsFlag,  kMemoryFlag,
    kStrictFlag,
};

Result<int> RunTrace(const Arguments& arguments, const render::SpeedscopeOptions& options) {
  ASSIGN_OR_RETURN(const ProfileFile out, OpenProfile(arguments));
  ASSIGN_OR_RETURN(const engine::PickedTraces picked, PickedTracesFrom(arguments, 1));
  const render::ProfileTrace trace = ProfileOf(picked.traces.front(), *picked.names);
  ASSIGN_OR_RETURN(const render::SpeedscopeWritten written,
                   render::WriteSpeedscope(trace, options, out.put));
  RETURN_IF_ERROR(out.file->Commit());
  if (written.profiles > 1) {
    fmt::print(stderr,
               "plumbago: spans that run beside their siblings are in {} more profiles (the list "
               "in speedscope's title)\n",
               written.profiles - 1);
  }
  if (written.left_out > 0) {
    fmt::print(stderr,
               "plumbago: {} spans that run beside still more of them are left out; export "
               "chrome-trace writes all\n",
               written.left_out);
  }
  return ExitCode(arguments, picked.interrupted, DamageText(picked.damage));
}

Result<int> Run(const Arguments& arguments) {
  const render::SpeedscopeOptions options{InputsName(arguments), ExporterName()};
  if (arguments.Has("--trace")) {
    if (arguments.Has("--critical")) {
      return Fail(ErrorKind::kUsage,
                  "--critical is about all traces together; plumbago traces --trace ID marks the "
                  "critical path of one");
    }
    return RunTrace(arguments, options);
  }
  ASSIGN_OR_RETURN(const ProfileFile out, OpenProfile(arguments));
  ASSIGN_OR_RETURN(const engine::MergedCalls merged, MergedCallsFrom(arguments));
  ASSIGN_OR_RETURN(
      const render::SpeedscopeWritten written,
      render::WriteSpeedscope(TreeOf(merged, arguments.Has("--critical")), options, out.put));
  RETURN_IF_ERROR(out.file->Commit());
  if (written.left_out > 0) {
    fmt::print(stderr,
               "plumbago: {} entries, those with the least time, share the last of {} profiles\n",
               written.left_out, written.profiles);
  }
  return FinishProfile(arguments, merged);
}

}  // namespace

extern const Command kExportSpeedscope;
const Command kExportSpeedscope{
    "export speedscope",
    "a profile of all traces, or one trace in time, for speedscope",
    "INPUT...",
    "Lays the call trees of all traces over each other and writes a file for speedscope "
    "(speedscope.app, or npm's speedscope; it works without a network): a profile for each entry, "
    "the one with the most time first, at most 50. Look at them as Left Heavy or Sandwich: there "
    "is no order in time. The time is own time, or with --critical the time on the critical path "
    "(as in export folded).\n"
    "With --trace ID one trace is written as it ran, for the view Time Order: spans that run "
    "beside "
    "their siblings are in profiles of their own, \"beside 1\" and so on.",
    kFlags,
    "  plumbago export speedscope traces/ -o traces.speedscope.json\n"
    "  plumbago export speedscope --critical traces/ -o path.speedscope.json\n"
    "  plumbago export speedscope --trace 1003ab64d0d247f2 traces/ -o one.speedscope.json\n",
    false,
    Run,
};

}  // namespace plumbago::cli
