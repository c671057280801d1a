// Traces as executions of functions: each entry service is an application, its operation the
// function, and the entry's span an execution.
#pragma once

#include "base/result.h"
#include "engine/read_rows.h"
#include "serverless/workload_reader.h"

namespace plumbago::cli {

// Damaged traces are rebuilt, clocks of hosts put right, as `analyze` does. Says how many traces
// had no entry. Errors: as engine::ReadAllRows; no trace with a named entry and a time.
Result<serverless::ReadWorkload> ReadTraceExecutions(const engine::ReadOptions& options);

}  // namespace plumbago::cli
