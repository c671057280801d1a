// What the commands that export the merged call tree share: folded, speedscope, pprof.
#pragma once

#include <string>

#include "base/output_file.h"
#include "cli/command.h"
#include "cli/input_flags.h"
#include "engine/merged_calls.h"
#include "render/call_tree.h"
#include "render/pieces.h"

namespace plumbago::cli {

inline constexpr Flag kCriticalFlag{"--critical", nullptr,
                                    "time on the critical path instead of own time"};
inline constexpr Flag kProfileOutFlag{"-o", "FILE", "write to FILE (.gz, .zst: compressed)",
                                      "standard output"};

// A file, or standard output; `put` of renderers.
struct ProfileFile {
  std::unique_ptr<OutputFile> file;
  render::PutText put;
};
Result<ProfileFile> OpenProfile(const Arguments& arguments);

// Inputs, --repair, --critical. Errors: as MergeCalls; kBadInput where no span has a time.
Result<engine::MergedCalls> MergedCallsFrom(const Arguments& arguments);
// Its names point into `merged`.
render::CallTree TreeOf(const engine::MergedCalls& merged, bool critical);
// Says on standard error what was left out or put together, then as ExitCode.
int FinishProfile(const Arguments& arguments, const engine::MergedCalls& merged);
// "plumbago 1.2.3".
std::string ExporterName();
// Of the inputs, for people: the name of a file; of several the first and how many more.
std::string InputsName(const Arguments& arguments);

}  // namespace plumbago::cli
