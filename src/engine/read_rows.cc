#include "engine/read_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>

#include "base/interrupt.h"
#include "base/progress.h"
#include "base/worker_threads.h"
#include "formats/spans/semantic_conventions.h"
#include "model/attribute_cache.h"

namespace plumbago::engine {
namespace {

// One thread's share of the reading.
Result<void> ReadBlocks(formats::BlockSource& source, model::Names& names, PartitionWriter& rows,
                        model::DamageCounts& damage, const ReadOptions& options, Progress& progress,
                        std::atomic<bool>& stop) {
  model::NameCaches caches(names);
  std::optional<model::AttributeCache> attributes;
  if (options.attributes) attributes.emplace(names, formats::spans::UseOf);
  std::string storage;
  // Once the user stops it there is no next block, and the source knows what was read until then.
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<formats::Block> block, source.Next(storage, damage));
    if (!block) return {};
    formats::DecodeContext context{caches, damage, rows, options.details};
    if (attributes) context.attributes = &*attributes;
    block->decoder->Decode(*block, context);
    source.SetLines(block->index, context.lines);
    if (stop.load(std::memory_order_relaxed)) return {};
    if (!rows.status()) {
      stop.store(true, std::memory_order_relaxed);
      return rows.status();
    }
    progress.Update(source.bytes_done());
  }
  return {};
}

// A full disk says how much would have been needed, as far as the share of the input tells that was
// read until then.
Error WithNeed(Error error, const ReadRows& read) {
  if (error.kind != ErrorKind::kResource || read.spill->bytes() == 0) return error;
  const uint64_t done = read.source->bytes_done();
  const uint64_t total = read.source->bytes_total();
  if (done == 0 || total < done) return error;
  uint64_t rows = read.spill->bytes();
  for (const auto& writer : read.writers) rows += writer->resident_bytes();
  const double need =
      static_cast<double>(rows) * static_cast<double>(total) / static_cast<double>(done);
  error.message += fmt::format("; all rows need about {} there ({:.0f} % of the input was read)",
                               BytesText(static_cast<uint64_t>(need)),
                               100 * static_cast<double>(done) / static_cast<double>(total));
  return error;
}

tl::unexpected<Error> NothingUsable(const ReadRows& read) {
  std::string message = fmt::format("no usable row in {}",
                                    read.source->files().size() == 1
                                        ? read.source->files()[0].name
                                        : fmt::format("{} files", read.source->files().size()));
  for (const formats::FetchReport& report : read.source->Fetched()) {
    message += fmt::format(
        "; {} windows of time were searched, and held nothing of use (--from and --until say when "
        "to "
        "look, --service at what)",
        report.windows);
  }
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

Result<ReadRows> ReadAllRows(const ReadOptions& options) {
  ReadRows read;
  read.plan = PlanMemory(options.memory != 0 ? options.memory : DefaultBudget(), options.threads);
  read.spill = std::make_shared<SpillFile>();
  read.names = std::make_unique<model::Names>();
  formats::BlockSource::Options source_options;
  source_options.format = options.format;
  source_options.formats = options.formats;
  source_options.block_bytes = read.plan.block_bytes;
  source_options.ahead_bytes = read.plan.ahead_bytes;
  source_options.resume = options.resume;
  // A trace that stands in one document is one record: a million spans of Jaeger are 650 MB.
  source_options.max_record_bytes =
      std::max<size_t>(source_options.max_record_bytes, read.plan.budget / 4);
  // Blocks are counted in those of the earlier run.
  for (const formats::FileProgress& file : options.resume) {
    if (file.finished) continue;
    source_options.block_bytes = static_cast<size_t>(file.block_bytes);
    source_options.max_record_bytes = static_cast<size_t>(file.max_record);
  }
  const unsigned threads = read.plan.threads;
  read.writers.reserve(threads);
  if (options.details) {
    // Rows and their details share what is there for rows.
    read.plan.resident_rows /= 2;
    read.details = std::make_unique<DetailsStore>(read.plan.resident_rows, read.spill);
  }
  for (unsigned i = 0; i < threads; ++i) {
    read.writers.push_back(
        std::make_unique<PartitionWriter>(read.plan, read.spill, read.details.get()));
    if (options.links) read.writers.back()->KeepLinks();
  }
  if (options.inputs.empty()) return read;

  ASSIGN_OR_RETURN(read.source, formats::BlockSource::Open(options.inputs, source_options));
  std::vector<model::DamageCounts> damages(threads);
  std::atomic<bool> stop{false};
  Progress progress("reading", read.source->bytes_total(), options.show_progress);
  Result<void> done = RunOnThreads(threads, [&](unsigned i) {
    return ReadBlocks(*read.source, *read.names, *read.writers[i], damages[i], options, progress,
                      stop);
  });
  if (!done) return tl::unexpected(WithNeed(std::move(done.error()), read));
  progress.Finish();

  bool clients = false, servers = false;
  for (unsigned i = 0; i < threads; ++i) {
    read.damage.Merge(damages[i]);
    const PartitionWriter& writer = *read.writers[i];
    read.rows += writer.rows();
    read.samples += writer.loose().samples();
    read.graphs += writer.loose().graphs();
    read.pairs += writer.loose().pairs();
    if (writer.first_ns() != model::kNoTime) {
      read.first_ns = read.first_ns == model::kNoTime ? writer.first_ns()
                                                      : std::min(read.first_ns, writer.first_ns());
    }
    read.last_ns = std::max(read.last_ns, writer.last_ns());
    read.tick_ns = std::min(read.tick_ns, writer.tick_ns());
    read.sides_marked |= writer.sides_marked();
    clients |= writer.client_instances();
    servers |= writer.server_instances();
  }
  read.two_sided = clients && servers;
  read.interrupted = Interrupted();
  const bool nothing = read.rows + read.samples + read.graphs + read.pairs == 0;
  if (nothing && !read.interrupted && options.resume.empty()) return NothingUsable(read);
  return read;
}

}  // namespace plumbago::engine
