// plumbago convert: inputs in one format out in another, as they are or repaired.
#include <fmt/format.h>

#include <cstdio>

#include "cli/casper_conversion.h"
#include "cli/command.h"
#include "cli/input_flags.h"
#include "engine/convert.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"-o", "FILE", "where the rows go; .gz and .zst are compressed; - is standard output"},
    {"--to", "NAME", "format to write", "the input's"},
    {"--repair", "MODE",
     "repair first: none, accurate, rpcid, partial, rebuild; or "
     "casper-exact[:accurate|rpcid|partial|rebuild], which answers exactly as CASPER does (one "
     "file, in the order of its rows)",
     "rows as they are"},
    {"--repair-log", "FILE.csv", "say for each row what became of it, on what evidence"},
    kFormatFlag,
    kMapFlag,
    kMapColumnFlag,
    kFromFlag,
    kUntilFlag,
    kServiceFlag,
    kFetchBytesFlag,
    kThreadsFlag,
    kMemoryFlag,
    kStrictFlag,
};

Result<int> Run(const Arguments& arguments) {
  const auto output = arguments.Value("-o");
  if (!output)
    return Fail(ErrorKind::kUsage, "say where the rows go: -o FILE (or - for standard output)");
  engine::ConvertOptions options;
  ASSIGN_OR_RETURN(options.read, ReadOptionsFrom(arguments));
  if (const auto to = arguments.Value("--to")) {
    ASSIGN_OR_RETURN(options.to, formats::FindFormat(*to));
  }
  const auto log_path = arguments.Value("--repair-log");
  const std::string repair = arguments.Value("--repair").value_or("");
  if (repair.starts_with("casper-exact")) {
    if (arguments.Has("--map") || arguments.Has("--map-column"))
      return Fail(ErrorKind::kUsage, "casper-exact reads the Alibaba releases: it takes no map");
    return ConvertLikeCasper(arguments, options, repair, *output);
  }
  if (log_path && *log_path == *output) {
    return Fail(ErrorKind::kUsage, "rows and repair log cannot go to the same place");
  }
  if (!repair.empty() || log_path) {
    ASSIGN_OR_RETURN(options.repair, RepairFrom(arguments));
  }

  ASSIGN_OR_RETURN(const auto out, OutputFile::Open(*output));
  std::unique_ptr<OutputFile> log;
  if (log_path) {
    ASSIGN_OR_RETURN(log, OutputFile::Open(*log_path));
    options.repair_log = log.get();
  }
  ASSIGN_OR_RETURN(const engine::Converted done, engine::Convert(options, *out));
  if (done.interrupted) {
    // Half of the rows under the name of all would be mistaken for all.
    fmt::print(stderr, "plumbago: interrupted: no file is written\n");
    return kExitInterrupted;
  }
  RETURN_IF_ERROR(out->Commit());
  if (log) RETURN_IF_ERROR(log->Commit());
  const std::string damage = DamageText(done.damage);
  const bool graphs = options.to != nullptr && options.to->writes_graphs();
  fmt::print(stderr, "plumbago: {} rows read, {}{} written{}\n", done.rows_read, done.rows_written,
             graphs ? " graphs" : "", damage.empty() ? "" : "; damage: " + damage);
  return ExitCode(arguments, false, damage);
}

}  // namespace

extern const Command kConvert;
const Command kConvert{
    "convert",
    "write traces in another format, as they are or repaired",
    "INPUT... -o OUT",
    "Reads traces as analyze does and writes them as one file. Without --repair rows keep their "
    "order and content. With --repair each trace is written whole, with the ids, callers and "
    "callees that the repair found; new ids are id-<callee>-<n>, and lost callers get a row of "
    "their own. To call-graph-json traces become their call graphs, as written or repaired, each "
    "different one once with its number of traces.",
    kFlags,
    "  plumbago convert --to alibaba-2022 old.csv.gz -o new.csv.zst\n"
    "  plumbago convert --repair rebuild --repair-log log.csv traces.csv -o repaired.csv\n"
    "  plumbago convert --to call-graph-json traces.csv -o graphs.ndjson.zst\n"
    "  plumbago convert --repair casper-exact:partial traces.csv -o like-casper.csv\n",
    false,
    Run,
};

}  // namespace plumbago::cli
