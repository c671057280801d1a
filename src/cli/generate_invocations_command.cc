// plumbago generate invocations: a synthetic workload of functions whose truth is known.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "base/interrupt.h"
#include "base/output_file.h"
#include "cli/command.h"
#include "cli/fit_invocations.h"
#include "cli/input_flags.h"
#include "generate/functions/generate_invocations.h"

namespace plumbago::cli {
namespace {

namespace functions = generate::functions;
using functions::InvocationOptions;
using functions::Table;

constexpr uint64_t kMostDays = 20;    // as many files as a signal handler can remove
constexpr uint32_t kMemoryDays = 12;  // of the release's 14

constexpr Flag kFlags[] = {
    {"--apps", "N", "applications; the release has 24,274"},
    {"--days", "D", "days, 20 at most", "14"},
    {"--seed", "S", "another seed, another workload; the same seed, the same bytes", "1"},
    {"-o", "DIR/", "the folder for the tables and truth.json; made if it is not there"},
    {"--fit", "INPUT,...",
     "in the shape of these tables or logs of functions instead of the published one: names are "
     "made up, series are not kept; nothing is planted",
     "none"},
    {"--all-memory", nullptr,
     "a table of memory for each day; the release has none for its 13th and 14th"},
    {"--log", "FILE",
     "also write single executions (app,func,end_timestamp,duration as Azure's of 2021), of a "
     "sample of the applications with at most one invocation a minute; not into DIR/, where they "
     "would be read beside the tables, again",
     "none"},
    {"--log-rows", "N", "about so many executions", "1000000"},
    {"--damage", "KIND=SHARE,...",
     "break some on purpose: duplicates, malformed (of rows of invocations), one-table (of "
     "functions "
     "and applications), negative, counts (of rows of durations), and missing-day=N",
     "none"},
    kThreadsFlag,
};

Result<InvocationOptions> OptionsFrom(const Arguments& arguments) {
  InvocationOptions options;
  if (!arguments.Has("--apps") || !arguments.Has("-o")) {
    return Fail(ErrorKind::kUsage, "say how many applications, and where: --apps N -o DIR/");
  }
  if (!arguments.inputs().empty()) {
    return Fail(ErrorKind::kUsage,
                fmt::format("nothing is read, so '{}' has no meaning here", arguments.inputs()[0]));
  }
  ASSIGN_OR_RETURN(const uint64_t apps, arguments.Number("--apps", 0, 1, 10'000'000));
  ASSIGN_OR_RETURN(const uint64_t days, arguments.Number("--days", 14, 1, kMostDays));
  ASSIGN_OR_RETURN(options.seed, arguments.Number("--seed", 1, 0, UINT64_MAX));
  ASSIGN_OR_RETURN(const uint64_t log_rows,
                   arguments.Number("--log-rows", 1'000'000, 1, 1'000'000'000));
  ASSIGN_OR_RETURN(options.threads, ThreadsFrom(arguments));
  options.apps = static_cast<uint32_t>(apps);
  options.days = static_cast<uint32_t>(days);
  options.memory_days =
      arguments.Has("--all-memory") ? options.days : std::min(options.days, kMemoryDays);
  if (arguments.Has("--log")) options.log_rows = log_rows;
  if (const auto damage = arguments.Value("--damage"); damage && *damage != "none") {
    ASSIGN_OR_RETURN(options.damage, functions::ParseInvocationDamage(*damage, options.days));
  }
  return options;
}

// The files of one run; all are written aside and put in their places at the end.
class TableFiles {
 public:
  static Result<TableFiles> Open(const std::filesystem::path& folder,
                                 const InvocationOptions& options,
                                 const std::optional<std::string>& log) {
    TableFiles files;
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
      return Fail(ErrorKind::kPermission,
                  fmt::format("cannot make the folder {}: {}", folder.native(), failed.message()));
    }
    for (uint32_t day = 0; day < options.days; ++day) {
      const auto open = [&](Table table, std::string_view name) -> Result<void> {
        const std::string path =
            (folder / fmt::format("{}.anon.d{:02}.csv", name, day + 1)).native();
        ASSIGN_OR_RETURN(files.files_[Index(table, day)], OutputFile::Open(path));
        return {};
      };
      if (day + 1 != options.damage.missing_day) {
        RETURN_IF_ERROR(open(Table::kInvocations, "invocations_per_function_md"));
      }
      RETURN_IF_ERROR(open(Table::kDurations, "function_durations_percentiles"));
      if (day < options.memory_days) {
        RETURN_IF_ERROR(open(Table::kMemory, "app_memory_percentiles"));
      }
    }
    if (log) {
      ASSIGN_OR_RETURN(files.files_[Index(Table::kLog, 0)], OutputFile::Open(*log));
    }
    return files;
  }

  Result<void> Write(Table table, uint32_t day, std::string_view text) {
    return files_.at(Index(table, day))->Write(text);
  }
  Result<void> Commit() {
    // All is written before the first gets its name: a full disk leaves none behind.
    for (auto& [index, file] : files_) RETURN_IF_ERROR(file->Flush());
    for (auto& [index, file] : files_) RETURN_IF_ERROR(file->Commit());
    return {};
  }

 private:
  static uint32_t Index(Table table, uint32_t day) {
    return static_cast<uint32_t>(table) << 16 | day;
  }
  std::map<uint32_t, std::unique_ptr<OutputFile>> files_;
};

Result<int> Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const InvocationOptions options, OptionsFrom(arguments));
  const std::filesystem::path folder = *arguments.Value("-o");
  functions::WorkloadShape shape = functions::PublishedShape();
  const bool fitted = arguments.Has("--fit");
  if (fitted) {
    ASSIGN_OR_RETURN(functions::FittedShape fit,
                     FitInvocations(arguments.List("--fit"), options.threads));
    shape = std::move(fit.shape);
    for (const std::string& what : fit.published) {
      fmt::print(stderr, "plumbago: the input does not tell of {}: as published\n", what);
    }
  }
  ASSIGN_OR_RETURN(TableFiles files, TableFiles::Open(folder, options, arguments.Value("--log")));
  ASSIGN_OR_RETURN(const functions::InvocationsTruth truth,
                   functions::GenerateInvocations(
                       shape, options,
                       [&](Table table, uint32_t day, std::string_view text) {
                         return files.Write(table, day, text);
                       },
                       Interrupted));
  if (truth.interrupted) {
    fmt::print(stderr, "plumbago: interrupted; nothing is written\n");
    return kExitInterrupted;
  }
  RETURN_IF_ERROR(files.Commit());
  RETURN_IF_ERROR(WriteWhole((folder / "truth.json").native(), truth.Json(options, fitted)));
  const functions::InvocationCounts& counts = truth.counts;
  fmt::print(stderr,
             "plumbago: {} applications, {} functions, {} invocations in {} rows; what was planted "
             "in {}\n",
             counts.apps, counts.functions, counts.invocations, counts.rows,
             (folder / "truth.json").native());
  if (options.log_rows > 0) {
    fmt::print(stderr, "plumbago: {} executions of {} applications in {}\n", counts.log_rows,
               counts.log_apps, *arguments.Value("--log"));
  }
  return kExitDone;
}

}  // namespace

extern const Command kGenerateInvocations;
const Command kGenerateInvocations{
    "generate invocations",
    "a synthetic workload of functions",
    "--apps N -o DIR/",
    "Writes the tables of a made-up serverless platform in the published shape of Azure Functions "
    "(2019): how many functions applications have, how often and how regularly they are invoked, "
    "what triggers them, how long executions take and what they allocate. Applications with "
    "periods of five hours, a day, a week and a drifting one are planted, and some that follow "
    "others; truth.json names them. Reproducible: the same flags give the same bytes.",
    kFlags,
    "  plumbago generate invocations --apps 24000 --days 14 --seed 1 -o azure14/\n"
    "  plumbago generate invocations --apps 500 --log executions.csv -o tables/\n"
    "  plumbago generate invocations --fit my-log.csv --apps 1000 -o like-mine/\n"
    "  plumbago generate invocations --apps 500 --damage duplicates=0.01,missing-day=5 -o "
    "broken/\n",
    false,
    Run,
};

}  // namespace plumbago::cli
