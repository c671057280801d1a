// Flags that every command with inputs shares, and what they mean.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "engine/read_rows.h"
#include "graph/repair_mode.h"

namespace plumbago::cli {

inline constexpr Flag kFormatFlag{"--format", "NAME", "read all inputs as this format",
                                  "found from the first bytes"};
inline constexpr Flag kThreadsFlag{"--threads", "N", "threads", "one a core"};
inline constexpr Flag kStrictFlag{"--strict", nullptr,
                                  "any damage: exit 2 (the report is still printed)"};

// Inputs, --format, --threads. Errors: no input, an unknown format.
Result<engine::ReadOptions> ReadOptionsFrom(const Arguments& arguments);
Result<unsigned> ThreadsFrom(const Arguments& arguments);
// --repair. Errors: an unknown mode (lists them).
Result<graph::RepairMode> RepairFrom(const Arguments& arguments);
// --top N|all as a number of rows. Errors: not a number.
Result<size_t> TopRows(const Arguments& arguments);
// Writes a whole text to `path` ("-": standard output), aside and renamed.
Result<void> WriteWhole(const std::string& path, std::string_view text);
// What the run comes to: 130 interrupted, 2 for --strict and damage, else 0; says why on standard
// error. `damage`: the kinds and their counts ("malformed 3, duplicate 1"), "" for none.
int ExitCode(const Arguments& arguments, bool interrupted, const std::string& damage);

}  // namespace plumbago::cli
