#include "engine/read_rows.h"

#include <fmt/format.h>

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

tl::unexpected<Error> NothingUsable(const ReadRows& read) {
  std::string message = fmt::format("no usable row in {}",
                                    read.source->files().size() == 1
                                        ? read.source->files()[0].name
                                        : fmt::format("{} files", read.source->files().size()));
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto kind = static_cast<model::Damage>(i);
    if (read.damage.Count(kind) == 0) continue;
    message += fmt::format("; {} {}", model::Describe(kind).title, read.damage.Count(kind));
    const model::Example* first = read.damage.First(kind);
    if (first == nullptr) continue;
    const std::string where =
        first->file.empty() ? read.source->Locate(first->origin).Text() : first->file;
    message += fmt::format(" ({}: {})", where, first->text);
  }
  return Fail(ErrorKind::kBadInput, std::move(message));
}

}  // namespace

std::vector<const PartitionWriter*> ReadRows::Writers() const {
  std::vector<const PartitionWriter*> pointers;
  pointers.reserve(writers.size());
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
  read.writers.reserve(threads);
  for (unsigned i = 0; i < threads; ++i)
    read.writers.push_back(std::make_unique<PartitionWriter>());
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
  if (read.rows == 0 && !read.interrupted) return NothingUsable(read);
  return read;
}

}  // namespace plumbago::engine
