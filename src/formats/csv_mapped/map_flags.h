// A map from the command line, for tables that need no more than columns and units:
//   --map-column trace=traceid,path=rpcid,caller=um,callee=dm,start=timestamp:ms,duration=rt:ms
//   --map-column app=service,start=ts:rfc3339,duration=took:ms,memory=mem:MB
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "formats/csv_mapped/column_map.h"

namespace plumbago::formats {

// `columns`: FIELD=COLUMN each; times have a unit behind a colon (ns, us, ms, s, rfc3339), names a
// rule (strip-kubernetes-suffix). One table of calls; with `app` among the fields, of executions.
// Errors (kUsage): not understood, with the nearest field.
Result<ColumnMap> MapFromFlags(std::span<const std::string> columns);

}  // namespace plumbago::formats
