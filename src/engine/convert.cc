#include "engine/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "base/input_files.h"
#include "base/interrupt.h"
#include "base/progress.h"
#include "base/worker_threads.h"
#include "engine/encoder_for.h"
#include "engine/joined_graphs.h"
#include "engine/merged_walk.h"
#include "engine/ordered_output.h"
#include "engine/repaired_rows.h"
#include "engine/whole_traces.h"

namespace plumbago::engine {
namespace {

bool HasNoSpan(std::span<const model::Call> calls) {
  return std::any_of(calls.begin(), calls.end(), [](const auto& call) { return call.span == 0; });
}

// Encodes rows as they are decoded.
class EncodingSink final : public formats::BatchSink {
 public:
  EncodingSink(const formats::Encoder& encoder, const model::Names& names)
      : encoder_(encoder), names_(names) {}
  void Accept(model::CallBatch& batch) override {
    const size_t before = text.size();
    if (before > 0) text += encoder_.Between();
    const size_t begin = text.size();
    encoder_.Encode(batch, names_, text);
    if (text.size() == begin) text.resize(before);
    rows += batch.calls.size();
    graphs += batch.graphs.size();
    without_path |= std::any_of(batch.calls.begin(), batch.calls.end(), [](const auto& call) {
      return call.span != 0 && call.path_size == 0;
    });
    without_span |= HasNoSpan(batch.calls);
  }
  std::string text;
  uint64_t rows = 0;
  uint64_t graphs = 0;
  bool without_path = false;  // a call that is linked by span ids
  bool without_span = false;  // one that has none

 private:
  const formats::Encoder& encoder_;
  const model::Names& names_;
};

// A single call cannot be made of a graph that only tells how many there are.
tl::unexpected<Error> NoRowsOfGraphs(const formats::Format& to) {
  return Fail(ErrorKind::kUnsupported,
              fmt::format("whole call graphs tell no single calls: they cannot be written as {}",
                          to.name()));
}

// A row alone does not tell where in its trace a call stands.
tl::unexpected<Error> NoPathsOfSpans(const formats::Format& to) {
  return Fail(
      ErrorKind::kUsage,
      fmt::format("calls that are linked by span ids need their whole trace to be written as "
                  "{}: add --repair rebuild (or none, which mends nothing)",
                  to.name()));
}

// Formats of spans are those that hold all of a span.
tl::unexpected<Error> NoSpansOfPaths(const formats::Format& to) {
  return Fail(ErrorKind::kUnsupported,
              fmt::format("rows that are linked by dotted ids have no span ids: they cannot be "
                          "written as {}",
                          to.name()));
}

// A repair tells calls, which are of two spans or of one.
tl::unexpected<Error> NoRepairOfSpans(const formats::Format& to) {
  return Fail(ErrorKind::kUnsupported,
              fmt::format("a repair finds calls, and {} holds spans: convert without --repair, or "
                          "to a format of calls (csv)",
                          to.name()));
}

Result<std::unique_ptr<formats::BlockSource>> OpenSource(const ConvertOptions& options,
                                                         bool in_order) {
  formats::BlockSource::Options source_options;
  source_options.format = options.read.format;
  source_options.formats = options.read.formats;
  source_options.in_order = in_order;
  return formats::BlockSource::Open(options.read.inputs, source_options);
}

// The format of the first input that has one.
Result<const formats::Format*> FormatOf(const formats::BlockSource& source) {
  for (const formats::FileInfo& file : source.files()) {
    if (file.format != nullptr) return file.format;
  }
  return Fail(ErrorKind::kUsage, "cannot tell which format to write: say --to NAME");
}

// A pipe or a server cannot be looked into twice.
bool CanBeLookedInto(const std::vector<std::string>& inputs) {
  return std::all_of(inputs.begin(), inputs.end(), [](const std::string& input) {
    if (input == "-" || IsAddress(input)) return false;
    std::error_code error;
    const auto status = std::filesystem::status(input, error);
    return !exists(status) || is_regular_file(status) || is_directory(status);
  });
}

Result<Converted> Stream(const ConvertOptions& options, OutputFile& out) {
  model::Names names;
  ASSIGN_OR_RETURN(const auto source, OpenSource(options, true));
  const formats::Format* to = options.to;
  if (to == nullptr) {
    ASSIGN_OR_RETURN(to, FormatOf(*source));
  }
  ASSIGN_OR_RETURN(const auto encoder, EncoderFor(*to, out));
  if (encoder->wants_whole_traces()) {
    return Fail(ErrorKind::kUsage,
                fmt::format("what is piped cannot be looked into before: say --to {}", to->name()));
  }

  std::string header;
  encoder->Header(header);
  RETURN_IF_ERROR(out.Write(header));
  OrderedOutput ordered(out, encoder->Between());
  const unsigned threads = std::max(1u, options.read.threads);
  std::vector<model::DamageCounts> damages(threads);
  std::vector<uint64_t> rows(threads), graphs(threads);
  Progress progress("converting", source->bytes_total(), options.read.show_progress);
  std::mutex take;
  uint64_t next_turn = 0;
  RETURN_IF_ERROR(RunOnThreads(threads, [&](unsigned i) {
    model::NameCaches caches(names);
    EncodingSink sink(*encoder, names);
    std::string storage;
    while (!Interrupted() && !ordered.failed()) {
      std::unique_lock lock(take);
      auto block = source->Next(storage, damages[i]);
      if (!block || !*block) {
        if (!block) ordered.Fail(block.error());
        break;
      }
      const uint64_t turn = next_turn++;
      lock.unlock();
      sink.text.clear();
      formats::DecodeContext context{caches, damages[i], sink, encoder->wants_details()};
      (*block)->decoder->Decode(**block, context);
      source->SetLines((*block)->index, context.lines);
      if (sink.without_path && to->links_by_path()) {
        ordered.Fail(NoPathsOfSpans(*to).value());
        break;
      }
      if (sink.without_span && encoder->wants_details()) {
        ordered.Fail(NoSpansOfPaths(*to).value());
        break;
      }
      ordered.Write(turn, sink.text);
      progress.Update(source->bytes_done());
    }
    rows[i] = sink.rows;
    graphs[i] = sink.graphs;
  }));
  progress.Finish();
  RETURN_IF_ERROR(ordered.status());
  RETURN_IF_ERROR(out.Write(encoder->Footer()));

  Converted converted;
  for (unsigned i = 0; i < threads; ++i) {
    converted.damage.Merge(damages[i]);
    converted.rows_read += to->writes_graphs() ? graphs[i] : rows[i];
    if (graphs[i] > 0 && !to->writes_graphs()) return NoRowsOfGraphs(*to);
  }
  converted.rows_written = converted.rows_read;
  converted.interrupted = Interrupted();
  return converted;
}

// What stands before the rows and behind them, and what `write` writes between.
template <class Write>
Result<void> WriteBetween(const formats::Encoder& encoder, OutputFile& out, Write&& write) {
  std::string header;
  encoder.Header(header);
  RETURN_IF_ERROR(out.Write(header));
  RETURN_IF_ERROR(write());
  return out.Write(encoder.Footer());
}

Result<std::unique_ptr<formats::Encoder>> EncoderOfCalls(const formats::Format& to,
                                                         OutputFile& out) {
  ASSIGN_OR_RETURN(auto encoder, EncoderFor(to, out));
  if (encoder->wants_details()) return NoRepairOfSpans(to);
  return encoder;
}

Result<Converted> Repaired(const ConvertOptions& options, OutputFile& out) {
  std::unique_ptr<formats::Encoder> encoder;
  if (options.to != nullptr) {
    ASSIGN_OR_RETURN(encoder, EncoderOfCalls(*options.to, out));
  }
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(options.read));
  if (!encoder) {
    ASSIGN_OR_RETURN(const formats::Format* const to, FormatOf(*read.source));
    ASSIGN_OR_RETURN(encoder, EncoderOfCalls(*to, out));
  }
  const bool log = options.repair_log != nullptr;
  ASSIGN_OR_RETURN(const auto walk, WalkAndMerge(read, options.read.show_progress, [&] {
                     return std::make_unique<RepairedRows>(read, *encoder, *options.repair, log);
                   }));
  RepairedRows& repaired = *walk.visitor;
  RETURN_IF_ERROR(WriteBetween(*encoder, out, [&] { return repaired.WriteRows(out); }));
  if (log) RETURN_IF_ERROR(repaired.WriteLog(*options.repair_log));
  RETURN_IF_ERROR(read.spill->status());
  Converted converted;
  converted.damage = read.damage;
  converted.damage.Merge(repaired.damage());
  converted.rows_read = read.rows;
  converted.rows_written = repaired.rows_written();
  converted.interrupted = read.interrupted || !walk.all;
  return converted;
}

// Rows as they are, each trace's side by side.
Result<Converted> Grouped(const ConvertOptions& options, OutputFile& out) {
  ASSIGN_OR_RETURN(const auto encoder, EncoderFor(*options.to, out));
  ReadOptions read_options = options.read;
  read_options.details = encoder->wants_details();
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(read_options));
  if (read.graphs > 0) return NoRowsOfGraphs(*options.to);
  ASSIGN_OR_RETURN(const auto walk, WalkAndMerge(read, options.read.show_progress, [&] {
                     return std::make_unique<WholeTraces>(read, *encoder);
                   }));
  RETURN_IF_ERROR(WriteBetween(*encoder, out, [&] { return walk.visitor->Write(out); }));
  RETURN_IF_ERROR(read.spill->status());
  Converted converted;
  converted.damage = read.damage;
  converted.rows_read = read.rows;
  converted.rows_written = walk.visitor->rows_written();
  converted.interrupted = read.interrupted || !walk.all;
  return converted;
}

// Traces to the graphs that they have, each different one once.
Result<Converted> ToGraphs(const ConvertOptions& options, OutputFile& out) {
  if (options.repair_log != nullptr) {
    return Fail(ErrorKind::kUsage, "a repair log is about rows, and graphs have none");
  }
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(options.read));
  read.ranks = read.names->Sort();
  ASSIGN_OR_RETURN(const auto encoder, options.to->Write());
  const graph::RepairMode mode = options.repair.value_or(graph::RepairMode::kNone);
  ASSIGN_OR_RETURN(const auto walk, WalkAndMerge(read, options.read.show_progress, [&] {
                     return std::make_unique<JoinedGraphs>(read, mode);
                   }));
  Converted converted;
  ASSIGN_OR_RETURN(converted.rows_written, walk.visitor->Write(*encoder, out));
  RETURN_IF_ERROR(read.spill->status());
  converted.damage = read.damage;
  converted.damage.Merge(walk.visitor->damage());
  converted.rows_read = read.rows + read.graphs;
  converted.interrupted = read.interrupted || !walk.all;
  return converted;
}

// Every input that is known holds graphs. What cannot be looked into may hold anything.
Result<bool> OnlyGraphs(const ConvertOptions& options) {
  if (!CanBeLookedInto(options.read.inputs)) return false;
  ASSIGN_OR_RETURN(const auto source, OpenSource(options, false));
  const auto& files = source->files();
  return std::all_of(files.begin(), files.end(), [](const formats::FileInfo& file) {
    return file.format == nullptr || file.format->writes_graphs();
  });
}

}  // namespace

Result<Converted> Convert(const ConvertOptions& given, OutputFile& out) {
  ConvertOptions options = given;
  if (options.to == nullptr && CanBeLookedInto(options.read.inputs)) {
    ASSIGN_OR_RETURN(const auto source, OpenSource(options, false));
    ASSIGN_OR_RETURN(options.to, FormatOf(*source));
  }
  if (options.to != nullptr && options.to->writes_graphs()) {
    ASSIGN_OR_RETURN(const bool only_graphs, OnlyGraphs(options));
    return only_graphs ? Stream(options, out) : ToGraphs(options, out);
  }
  const bool as_they_are = !options.repair || (*options.repair == graph::RepairMode::kNone &&
                                               options.repair_log == nullptr);
  if (!as_they_are) return Repaired(options, out);
  if (options.to != nullptr) {
    ASSIGN_OR_RETURN(const auto encoder, options.to->Write());
    if (encoder->wants_whole_traces()) return Grouped(options, out);
  }
  return Stream(options, out);
}

}  // namespace plumbago::engine
