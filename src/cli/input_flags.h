// Flags that every command with inputs shares, and what they mean.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "engine/characterise.h"
#include "engine/read_rows.h"
#include "graph/repair_mode.h"

namespace plumbago::cli {

inline constexpr Flag kFormatFlag{"--format", "NAME", "read all inputs as this format",
                                  "found from the first bytes"};
inline constexpr Flag kMapFlag{"--map", "FILE.toml",
                               "read CSV tables as this map says (docs/formats/csv-map.md)"};
inline constexpr Flag kMapColumnFlag{
    "--map-column", "FIELD=COLUMN,...",
    "the same for one table of calls: trace=id,path=rpcid,caller=um,callee=dm,start=ts:ms"};
inline constexpr Flag kRepairFlag{
    "--repair", "MODE", "how damaged traces are treated: none, accurate, rpcid, partial, rebuild",
    "rebuild"};
inline constexpr Flag kThreadsFlag{"--threads", "N", "threads", "one a core"};
inline constexpr Flag kMemoryFlag{
    "--memory", "SIZE", "memory to work with (64M, 1.5G); what is beyond it goes to $TMPDIR",
    "half of what is free"};
inline constexpr Flag kOpenWindowFlag{
    "--open-window", "TIME",
    "traces within this time of the data's begin or end stay open in the state", "60s"};
inline constexpr Flag kOpenFlag{
    "--open", "window|all",
    "which traces stay open; all: any split of the input can be merged exactly, at any size",
    "window"};
inline constexpr Flag kStrictFlag{"--strict", nullptr,
                                  "any damage: exit 2 (the report is still printed)"};

// Of inputs that are servers (jaeger=URL, tempo=URL, zipkin=URL).
inline constexpr Flag kFromFlag{
    "--from", "TIME", "of a server: traces from here on (2026-11-23T10:00:00Z, -2h)", "-1h"};
inline constexpr Flag kUntilFlag{"--until", "TIME", "of a server: traces until here", "now"};
inline constexpr Flag kServiceFlag{"--service", "NAME,...",
                                   "of a server: only traces with these services", "all"};
inline constexpr Flag kFetchBytesFlag{
    "--fetch-bytes", "SIZE", "of a server: at most so much is fetched; what is not is counted",
    "1G"};

// Inputs, --format, --map, --map-column, --threads, --memory; --from, --until, --service and
// --fetch-bytes where servers are among the inputs. Fewer threads than asked for where
// the memory is little. Errors: no input, an unknown format, a mistake in the map, less than 64M.
Result<engine::ReadOptions> ReadOptionsFrom(const Arguments& arguments);
Result<unsigned> ThreadsFrom(const Arguments& arguments);
// --open, --open-window.
Result<engine::Closing::Policy> ClosingFrom(const Arguments& arguments);
Result<int64_t> OpenWindowFrom(const Arguments& arguments);
// "60s", "5m", "2h", "500ms"; a bare number is seconds. Errors (kUsage): something else.
Result<int64_t> ParseTime(std::string_view text);
// --repair. Errors: an unknown mode (lists them).
Result<graph::RepairMode> RepairFrom(const Arguments& arguments);
// --top N|all as a number of rows. Errors: not a number.
Result<size_t> TopRows(const Arguments& arguments);
// Writes a whole text to `path` ("-": standard output), aside and renamed.
Result<void> WriteWhole(const std::string& path, std::string_view text);
// Damage for --strict: every kind but work under way at the end of the data, which every live
// system has.
std::string DamageText(const document::Input& input);
// All that was counted.
std::string DamageText(const model::DamageCounts& damage);
// What the run comes to: 130 interrupted, 2 for --strict and damage, else 0; says why on standard
// error. `damage`: the kinds and their counts ("malformed 3, duplicate 1"), "" for none.
int ExitCode(const Arguments& arguments, bool interrupted, const std::string& damage);

}  // namespace plumbago::cli
