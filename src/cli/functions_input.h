// What `plumbago functions` reads, for all of its commands: tables and logs of functions, and
// traces as functions.
//
// A command lists kFunctionFormatFlag, kFunctionMapFlag, kExecutionColumnFlag and kThreadsFlag
// among its flags, and calls ReadFunctionsFrom.
#pragma once

#include "base/result.h"
#include "cli/command.h"
#include "serverless/workload_reader.h"

namespace plumbago::cli {

inline constexpr Flag kFunctionFormatFlag{
    "--format", "NAME", "read all inputs as this format, of functions or of traces",
    "found from the first bytes"};
inline constexpr Flag kFunctionMapFlag{
    "--map", "FILE.toml",
    "read logs of executions, CSV or JSON lines, as this map says (docs/formats/csv-map.md)"};
inline constexpr Flag kExecutionColumnFlag{
    "--map-column", "FIELD=COLUMN,...",
    "the same for one log: app=service,start=ts:ms,duration=took:ms,memory=mem:MiB"};

// Inputs, --format, --map, --map-column, --threads. Errors: no input, an unknown format, a mistake
// in the map; those of ReadFunctions.
Result<serverless::ReadWorkload> ReadFunctionsFrom(const Arguments& arguments);

}  // namespace plumbago::cli
