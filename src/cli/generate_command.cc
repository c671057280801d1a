// plumbago generate traces: a synthetic workload whose truth is known.
#include <fmt/format.h>

#include <cstdio>

#include "base/interrupt.h"
#include "base/output_file.h"
#include "cli/command.h"
#include "cli/input_flags.h"
#include "generate/generate_traces.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"--rows", "N", "rows to write, exactly"},
    {"--to", "NAME", "format to write: alibaba-2021 or alibaba-2022"},
    {"-o", "FILE",
     "where the rows go; .gz and .zst are compressed; the planted truth goes to FILE.truth.json"},
    {"--seed", "S", "another seed, another workload; the same seed, the same bytes", "1"},
    {"--services", "N", "microservices of the system", "20000"},
    {"--order", "ORDER",
     "time: rows as they happened, as in the archives; trace: one trace after another", "time"},
    {"--damage", "KIND=SHARE,...",
     "break some on purpose: duplicates (of rows), missing (of calls), propagation (of calls with "
     "several callees), malformed (of rows)",
     "none"},
    kThreadsFlag,
};

Result<generate::TraceOptions> OptionsFrom(const Arguments& arguments) {
  generate::TraceOptions options;
  if (!arguments.Has("--rows") || !arguments.Has("--to") || !arguments.Has("-o")) {
    return Fail(ErrorKind::kUsage,
                "say how many rows, in which format, and where: --rows N --to NAME -o FILE");
  }
  if (!arguments.inputs().empty()) {
    return Fail(ErrorKind::kUsage,
                fmt::format("nothing is read, so '{}' has no meaning here", arguments.inputs()[0]));
  }
  ASSIGN_OR_RETURN(options.rows, arguments.Number("--rows", 0, 1, 1'000'000'000'000));
  ASSIGN_OR_RETURN(options.seed, arguments.Number("--seed", 1, 0, UINT64_MAX));
  ASSIGN_OR_RETURN(const uint64_t services, arguments.Number("--services", 20'000, 10, 10'000'000));
  options.services = static_cast<uint32_t>(services);
  ASSIGN_OR_RETURN(options.order,
                   generate::ParseOrder(arguments.Value("--order").value_or("time")));
  if (const auto damage = arguments.Value("--damage"); damage && *damage != "none") {
    ASSIGN_OR_RETURN(options.damage, generate::ParseDamage(*damage));
  }
  ASSIGN_OR_RETURN(options.format, formats::FindFormat(*arguments.Value("--to")));
  ASSIGN_OR_RETURN(options.threads, ThreadsFrom(arguments));
  return options;
}

Result<int> Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const generate::TraceOptions options, OptionsFrom(arguments));
  const std::string path = *arguments.Value("-o");
  ASSIGN_OR_RETURN(const auto out, OutputFile::Open(path));
  const auto generated = generate::GenerateTraces(
      options, [&](std::string_view text) { return out->Write(text); }, Interrupted);
  if (!generated) return tl::unexpected(generated.error());
  const bool regular = out->regular();
  RETURN_IF_ERROR(out->Commit());
  if (regular) {
    RETURN_IF_ERROR(WriteWhole(path + ".truth.json", generated->truth.Json()));
    fmt::print(stderr, "plumbago: {} rows in {}, what was planted in {}.truth.json\n", options.rows,
               path, path);
  }
  return kExitDone;
}

}  // namespace

extern const Command kGenerateTraces;
const Command kGenerateTraces{
    "generate traces",
    "a synthetic workload with planted truth",
    "--rows N --to NAME -o FILE",
    "Writes traces of a made-up system in the published shape of Alibaba's: sizes, fan-out, kinds "
    "of calls, latencies. What was planted is written beside it, so that an analysis can be "
    "checked against it. Reproducible: the same flags give the same bytes.",
    kFlags,
    "  plumbago generate traces --rows 1000000 --to alibaba-2021 -o traces.csv\n"
    "  plumbago generate traces --rows 100000 --damage missing=0.01 --to alibaba-2022 -o "
    "broken.csv.gz\n",
    false,
    Run,
};

}  // namespace plumbago::cli
