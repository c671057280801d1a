// Inputs in one format out in another, as they are or repaired.
//
// As they are: rows stream through in the order of the input, decoded and encoded on all threads,
// written in order. Repaired: traces come whole, in the order of their first row; inserted callers
// are written as rows of their own before the first row of the trace that needs them, and each row
// carries the id, caller and callee that the repair gave it.
//
// To a format of whole call graphs: graphs stream through as rows do; traces become their graphs,
// as written or repaired, each different one once (joined_graphs.h). Graphs do not become rows.
#pragma once

#include <optional>
#include <string>

#include "base/output_file.h"
#include "base/result.h"
#include "engine/read_rows.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

struct ConvertOptions {
  ReadOptions read;
  const formats::Format* to = nullptr;      // nullptr: the format of the first input
  std::optional<graph::RepairMode> repair;  // nothing: rows as they are
  OutputFile* repair_log = nullptr;         // a CSV file; nullptr: none. Needs `repair`
};

struct Converted {
  uint64_t rows_read = 0;
  uint64_t rows_written = 0;
  model::DamageCounts damage;
  bool interrupted = false;
};

// Writes everything to `out` and the log (the caller commits both). Errors: as ReadAllRows;
// kUnsupported if the format is only read; kResource from the output.
Result<Converted> Convert(const ConvertOptions& options, OutputFile& out);

}  // namespace plumbago::engine
