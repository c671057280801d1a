#include "serverless/workload_reader.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <set>

#include "base/interrupt.h"
#include "base/progress.h"
#include "base/worker_threads.h"
#include "formats/block_source.h"
#include "formats/function_minutes/minute_format.h"
#include "model/names.h"
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

std::vector<std::string> LinesOf(const model::DamageCounts& damage,
                                 const formats::BlockSource& source) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto kind = static_cast<model::Damage>(i);
    if (damage.Count(kind) == 0) continue;
    std::string line = fmt::format("{} {}", model::Describe(kind).title, damage.Count(kind));
    if (const model::Example* first = damage.First(kind)) {
      const std::string where =
          first->file.empty() ? source.Locate(first->origin).Text() : first->file;
      line += fmt::format(" ({}: {})", where, first->text);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

Result<ReadWorkload> ReadFunctions(const std::vector<std::string>& inputs,
                                   const formats::Format* format, unsigned threads,
                                   bool show_progress) {
  formats::BlockSource::Options options;
  options.format = format;
  options.formats = formats::function_minutes::FunctionFormats();
  ASSIGN_OR_RETURN(const std::unique_ptr<formats::BlockSource> source,
                   formats::BlockSource::Open(inputs, options));
  model::Names names;
  std::vector<FunctionCollector> collectors(threads);
  std::vector<model::DamageCounts> damages(threads);
  Progress progress("reading", source->bytes_total(), show_progress);
  RETURN_IF_ERROR(RunOnThreads(threads, [&](unsigned i) {
    return ReadBlocks(*source, names, collectors[i], damages[i], progress);
  }));
  progress.Finish();
  ReadWorkload read;
  for (const model::DamageCounts& damage : damages) read.damage.Merge(damage);
  read.load = BuildWorkload(collectors, names);
  read.damage.Add(model::Damage::kDuplicate, read.load.duplicates);
  read.damage_lines = LinesOf(read.damage, *source);
  read.interrupted = Interrupted();
  std::set<std::string> formats;
  for (const formats::FileInfo& file : source->files()) {
    ++read.files;
    read.bytes += file.bytes;
    read.text_bytes += file.text_bytes;
    if (file.format != nullptr) formats.emplace(file.format->name());
  }
  read.formats.assign(formats.begin(), formats.end());
  read.skipped = source->skipped();
  if (read.load.apps.empty() && !read.interrupted) {
    std::string message = "no usable row of functions";
    for (const std::string& line : read.damage_lines) message += "; " + line;
    return Fail(ErrorKind::kBadInput, std::move(message));
  }
  return read;
}

}  // namespace plumbago::serverless
