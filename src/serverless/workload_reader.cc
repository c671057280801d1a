#include "serverless/workload_reader.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <set>

#include "base/interrupt.h"
#include "base/progress.h"
#include "base/worker_threads.h"
#include "formats/block_source.h"
#include "formats/function_formats.h"
#include "model/names.h"
#include "serverless/table_sets.h"
#include "serverless/workload_builder.h"

namespace plumbago::serverless {
namespace {

Result<void> ReadBlocks(formats::BlockSource& source, model::Names& names, FunctionCollector& rows,
                        model::DamageCounts& damage, Progress& progress) {
  model::NameCaches caches(names);
  std::string storage;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<formats::Block> block, source.Next(storage, damage));
    if (!block) return {};
    formats::DecodeContext context{caches, damage, rows};
    block->decoder->Decode(*block, context);
    source.SetLines(block->index, context.lines);
    progress.Update(source.bytes_done());
  }
}

std::vector<document::DamageCount> ByKind(const model::DamageCounts& damage,
                                          const formats::BlockSource& source) {
  std::vector<document::DamageCount> kinds;
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto kind = static_cast<model::Damage>(i);
    if (damage.Count(kind) == 0) continue;
    const model::DamageInfo& said = model::Describe(kind);
    document::DamageCount& count = kinds.emplace_back();
    count.kind = said.name;
    count.title = said.title;
    count.count = damage.Count(kind);
    count.help = said.help;
    if (const model::Example* first = damage.First(kind)) {
      const std::string where =
          first->file.empty() ? source.Locate(first->origin).Text() : first->file;
      count.first = where + ": " + first->text;
    }
  }
  return kinds;
}

}  // namespace

void DescribeInput(const formats::BlockSource& source, ReadWorkload& read) {
  read.by_kind = ByKind(read.damage, source);
  read.interrupted = read.interrupted || Interrupted();
  std::set<std::string> formats;
  for (const formats::FileInfo& file : source.files()) {
    read.files.push_back(file.name);
    read.bytes += file.bytes;
    read.text_bytes += file.text_bytes;
    if (file.format != nullptr) formats.emplace(file.format->name());
  }
  read.formats.assign(formats.begin(), formats.end());
  read.skipped = source.skipped();
}

Result<ReadWorkload> ReadFunctions(const std::vector<std::string>& inputs,
                                   const formats::Format* format, unsigned threads,
                                   bool show_progress,
                                   std::span<const formats::Format* const> formats) {
  ReadWorkload read;
  const auto began = std::chrono::steady_clock::now();
  formats::BlockSource::Options options;
  options.format = format;
  options.formats = formats.empty() ? formats::FunctionFormats() : formats;
  ASSIGN_OR_RETURN(const std::unique_ptr<formats::BlockSource> source,
                   formats::BlockSource::Open(inputs, options));
  RETURN_IF_ERROR(CheckOneSet(source->files()));
  model::Names names;
  std::vector<FunctionCollector> collectors(threads);
  std::vector<model::DamageCounts> damages(threads);
  Progress progress("reading", source->bytes_total(), show_progress);
  RETURN_IF_ERROR(RunOnThreads(threads, [&](unsigned i) {
    return ReadBlocks(*source, names, collectors[i], damages[i], progress);
  }));
  progress.Finish();
  // Only now are all members of archives known.
  RETURN_IF_ERROR(CheckOneSet(source->files()));
  for (const model::DamageCounts& damage : damages) read.damage.Merge(damage);
  ASSIGN_OR_RETURN(read.load, BuildWorkload(collectors, names));
  read.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  read.damage.Add(model::Damage::kDuplicate, read.load.duplicates);
  DescribeInput(*source, read);
  if (read.load.apps.empty() && read.load.start_logs.empty() && !read.interrupted) {
    std::string message = "no usable row of functions";
    for (const document::DamageCount& kind : read.by_kind)
      message += fmt::format("; {} {}{}", kind.title, kind.count,
                             kind.first.empty() ? "" : " (" + kind.first + ")");
    return Fail(ErrorKind::kBadInput, std::move(message));
  }
  return read;
}

}  // namespace plumbago::serverless
