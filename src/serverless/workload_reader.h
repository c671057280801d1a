// Files and folders to a workload: every format of functions, compressed or not, in archives.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "document/document.h"
#include "formats/block_source.h"
#include "formats/format.h"
#include "model/damage.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

struct ReadWorkload {
  Workload load;
  model::DamageCounts damage;
  std::vector<document::DamageCount> by_kind;   // all kinds that occur, each with its first place
  std::vector<std::string> formats;             // of the files, by name
  std::vector<std::string> skipped;             // files of folders that no format knows, and why
  std::vector<std::string> files;               // that were read
  std::vector<document::Statement> statements;  // on completeness, of who read it
  uint64_t rows = 0;                            // usable, where not those of `load` (traces)
  uint64_t bytes = 0;                           // of the files
  uint64_t text_bytes = 0;                      // decompressed
  double seconds = 0;                           // that reading took
  bool interrupted = false;
};

// `format`: of all inputs; nullptr: found from the first bytes, among `formats` (none: all of
// functions). Errors: nothing found, no known format, no usable row.
Result<ReadWorkload> ReadFunctions(const std::vector<std::string>& inputs,
                                   const formats::Format* format, unsigned threads,
                                   bool show_progress,
                                   std::span<const formats::Format* const> formats = {});

// For who reads executions from elsewhere: puts what is not the load itself into `read`. The
// damage is read.damage.
void DescribeInput(const formats::BlockSource& source, ReadWorkload& read);

}  // namespace plumbago::serverless
