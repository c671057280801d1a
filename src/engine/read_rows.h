// Phase one of every run: inputs in, rows partitioned by trace out. All threads take blocks from
// one source, decode them and keep their rows; nothing is shared but the names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/partitions.h"
#include "formats/block_source.h"
#include "model/damage.h"
#include "model/names.h"

namespace plumbago::engine {

struct ReadOptions {
  std::vector<std::string> inputs;
  const formats::Format* format = nullptr;  // forced; nullptr: found from the first bytes
  unsigned threads = 1;
  bool show_progress = false;  // on standard error
};

struct ReadRows {
  std::unique_ptr<model::Names> names;
  std::unique_ptr<formats::BlockSource> source;
  std::vector<std::unique_ptr<PartitionWriter>> writers;  // one a thread
  model::DamageCounts damage;
  uint64_t rows = 0;
  int64_t first_ns = model::kNoTime;  // of the rows' starts
  int64_t last_ns = model::kNoTime;
  bool sides_marked = false;
  bool interrupted = false;  // the user stopped it: these are the rows until then

  std::vector<const PartitionWriter*> Writers() const;
};

// Errors: nothing to read, no known format, nothing usable in it (with what was seen).
Result<ReadRows> ReadAllRows(const ReadOptions& options);

}  // namespace plumbago::engine
