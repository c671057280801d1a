// plumbago export folded: stacks for flame graphs.
#include "cli/profile_export.h"
#include "render/folded_stacks.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    kProfileOutFlag, kCriticalFlag, kRepairFlag, kFormatFlag, kMapFlag,
    kMapColumnFlag,  kThreadsFlag,  kMemoryFlag, kStrictFlag,
};

Result<int> Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const ProfileFile out, OpenProfile(arguments));
  ASSIGN_OR_RETURN(const engine::MergedCalls merged, MergedCallsFrom(arguments));
  RETURN_IF_ERROR(render::WriteFoldedStacks(TreeOf(merged, arguments.Has("--critical")), out.put));
  RETURN_IF_ERROR(out.file->Commit());
  return FinishProfile(arguments, merged);
}

}  // namespace

extern const Command kExportFolded;
const Command kExportFolded{
    "export folded",
    "stacks of services and operations, for flame graphs",
    "INPUT...",
    "Lays the call trees of all traces over each other and writes a line a stack: "
    "entry;...;service_operation, then microseconds. This is the text that flamegraph.pl, inferno, "
    "speedscope and d3-flame-graph read. In a name, blanks become _ and ; becomes :.\n"
    "The time is own time: what a span worked while it waited for no other. Calls side by side "
    "each have theirs, so the sum passes what users waited. With --critical it is the time on the "
    "critical path: the sum below an entry is what its users waited, and only making these stacks "
    "faster makes requests faster. Asynchronous spans then stand below (asynchronous).",
    kFlags,
    "  plumbago export folded traces/ | flamegraph.pl --countname us > flame.svg\n"
    "  plumbago export folded --critical traces/ | sort -k2nr -t' ' | head\n"
    "  plumbago export folded monday.jsonl.zst -o monday.folded\n",
    false,
    Run,
};

}  // namespace plumbago::cli
