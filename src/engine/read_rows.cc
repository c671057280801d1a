#include "engine/read_rows.h"

#include <algorithm>

#include "base/interrupt.h"
#include "base/progress.h"
#include "base/worker_threads.h"

namespace plumbago::engine {
namespace {

// One thread's share of the reading.
Result<void> ReadBlocks(formats::BlockSource& source, model::Names& names, PartitionWriter& rows,
                        model::DamageCounts& damage, Progress& progress) {
  model::NameCaches caches(names);
  std::string storage;
  while (!Interrupted()) {
    ASSIGN_OR_RETURN(const std::optional<formats::Block> block, source.Next(storage, damage));
    if (!block) return {};
    formats::DecodeContext context{caches, damage, rows};
    block->decoder->Decode(*block, context);
    source.SetLines(block->index, context.lines);
    progress.Update(source.bytes_done());
  }
  return {};
}

}  // namespace

std::vector<const PartitionWriter*> ReadRows::Writers() const {
  std::vector<const PartitionWriter*> pointers;
  for (const auto& writer : writers) pointers.push_back(writer.get());
  return pointers;
}

Result<ReadRows> ReadAllRows(const ReadOptions& options) {
  ReadRows read;
  read.names = std::make_unique<model::Names>();
  formats::BlockSource::Options source_options;
  source_options.format = options.format;
  ASSIGN_OR_RETURN(read.source, formats::BlockSource::Open(options.inputs, source_options));

  const unsigned threads = std::max(1u, options.threads);
  std::vector<model::DamageCounts> damages(threads);
  for (unsigned i = 0; i < threads; ++i) read.writers.push_back(std::make_unique<PartitionWriter>());
  Progress progress("reading", read.source->bytes_total(), options.show_progress);
  RETURN_IF_ERROR(RunOnThreads(threads, [&](unsigned i) {
    return ReadBlocks(*read.source, *read.names, *read.writers[i], damages[i], progress);
  }));
  progress.Finish();

  for (unsigned i = 0; i < threads; ++i) {
    read.damage.Merge(damages[i]);
    const PartitionWriter& writer = *read.writers[i];
    read.rows += writer.rows();
    if (writer.first_ns() != model::kNoTime) {
      read.first_ns = read.first_ns == model::kNoTime ? writer.first_ns()
                                                      : std::min(read.first_ns, writer.first_ns());
    }
    read.last_ns = std::max(read.last_ns, writer.last_ns());
    read.sides_marked |= writer.sides_marked();
  }
  read.interrupted = Interrupted();
  return read;
}

}  // namespace plumbago::engine
