// Files and folders to a workload: every format of functions, compressed or not, in archives.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "formats/format.h"
#include "model/damage.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

struct ReadWorkload {
  Workload load;
  model::DamageCounts damage;
  std::vector<std::string> damage_lines;  // "malformed 3 (FILE:12: ...)"
  std::vector<std::string> formats;       // of the files, by name
  std::vector<std::string> skipped;       // files of folders that no format knows, and why
  size_t files = 0;
  uint64_t bytes = 0;       // of the files
  uint64_t text_bytes = 0;  // decompressed
  bool interrupted = false;
};

// Errors: nothing found, no known format, no usable row.
Result<ReadWorkload> ReadFunctions(const std::vector<std::string>& inputs,
                                   const formats::Format* format, unsigned threads,
                                   bool show_progress);

}  // namespace plumbago::serverless
