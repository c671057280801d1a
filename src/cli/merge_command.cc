// plumbago merge: several saved states as one.
#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/input_flags.h"
#include "engine/characterise.h"
#include "model/damage.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"-o", "C.plumb", "where the merged state goes"},
    {"--final", nullptr, "close what is still open: nothing more will come"},
    {"--repair", "MODE", "the mode that reports of the merged state are under",
     "as the states were saved"},
    kThreadsFlag,
    kMemoryFlag,
    kStrictFlag,
};

Result<int> Run(const Arguments& arguments) {
  engine::CharacteriseOptions options;
  ASSIGN_OR_RETURN(options.read, ReadOptionsFrom(arguments));
  if (arguments.Has("--repair")) {
    ASSIGN_OR_RETURN(options.mode, RepairFrom(arguments));
  }
  options.save = arguments.Value("-o").value_or("");
  if (options.save.empty()) {
    return Fail(ErrorKind::kUsage, "where does the merged state go? say -o C.plumb");
  }
  options.only_states = true;
  options.report = false;
  options.closing = arguments.Has("--final") ? engine::Closing::kAll : engine::Closing::kNone;
  ASSIGN_OR_RETURN(const engine::Characterised done, engine::Characterise(options));
  std::string text = fmt::format("plumbago: {} {} merged: {} traces closed, {} open", done.states,
                                 done.states == 1 ? "state" : "states", done.document.traces.read,
                                 done.open_traces);
  std::string damage;
  for (const document::DamageCount& count : done.document.input.by_kind) {
    if (count.kind != model::Describe(model::Damage::kClosedTooEarly).name) continue;
    damage = fmt::format("{} {}", count.count, count.title);
    text += fmt::format("\nplumbago: not exact: {} traces were closed too early ({}); {}",
                        count.count, count.first, count.help);
  }
  fmt::print(stderr, "{}\n", text);
  return ExitCode(arguments, done.interrupted, damage);
}

}  // namespace

extern const Command kMerge;
const Command kMerge{
    "merge",
    "several saved states as one",
    "A.plumb B.plumb... -o C.plumb",
    "Merges states that analyze --save has kept, in any order. Where time-ordered data was cut "
    "into "
    "pieces, the result is the same as that of one run over all of it: traces that the cuts went "
    "through are put together from the rows that the states kept open. Traces that a state closed "
    "although another holds more of them are counted (closed_too_early), and the result is called "
    "not exact.",
    kFlags,
    "  plumbago merge mon.plumb tue.plumb wed.plumb -o week.plumb\n"
    "  plumbago merge --final week.plumb -o done.plumb          nothing more will come\n"
    "  plumbago analyze week.plumb                              the report\n",
    false,
    Run,
};

}  // namespace plumbago::cli
