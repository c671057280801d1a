// Logs of executions that are read without a map of the user's: each by a map that is built in.
#pragma once

#include "formats/csv_mapped/column_map.h"

namespace plumbago::formats::function_logs {

// JSON lines: OpenWhisk's activation records, Knative's request logs, and plain keys.
const ColumnMap& KnownLogs();
// CSV: the plain keys as columns.
const ColumnMap& KnownTables();
// The tables of `map` that are executions, and behind them those of `known`.
ColumnMap ExecutionsOf(const ColumnMap& map, const ColumnMap& known);

}  // namespace plumbago::formats::function_logs
