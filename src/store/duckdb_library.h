// libduckdb.so, opened on demand. The program needs it for Parquet files alone; without it all the
// rest works, and what asks for it says what is missing and how to get it.
//
// Where it is looked for, first found: $PLUMBAGO_DUCKDB (a file; nothing else is tried then),
// beside the program (../lib/plumbago as installed, duckdb/ in a build folder, there or one above),
// the system's.
#pragma once

#include "base/result.h"
#include "store/duckdb_api.h"

namespace plumbago::store {

// Opens it at the first call (about 20 ms); it stays until the program ends. The answer, also a bad
// one, is the same for every later call. Any thread.
Result<const duckdb::Api*> DuckDbApi();

}  // namespace plumbago::store
