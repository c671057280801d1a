// Files and folders to a workload: every format of functions, compressed or not, in archives.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "document/document.h"
#include "formats/format.h"
#include "model/damage.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

struct ReadWorkload {
  Workload load;
  model::DamageCounts damage;
  std::vector<document::DamageCount> by_kind;  // all kinds that occur, each with its first place
  std::vector<std::string> formats;            // of the files, by name
  std::vector<std::string> skipped;            // files of folders that no format knows, and why
  std::vector<std::string> files;              // that were read
  uint64_t bytes = 0;                          // of the files
  uint64_t text_bytes = 0;                     // decompressed
  double seconds = 0;                          // that reading took
  bool interrupted = false;
};

// Errors: nothing found, no known format, no usable row.
Result<ReadWorkload> ReadFunctions(const std::vector<std::string>& inputs,
                                   const formats::Format* format, unsigned threads,
                                   bool show_progress);

}  // namespace plumbago::serverless
