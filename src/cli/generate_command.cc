// plumbago generate traces: a synthetic workload whose truth is known.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/interrupt.h"
#include "base/output_file.h"
#include "cli/command.h"
#include "cli/fit_workload.h"
#include "cli/input_flags.h"
#include "cli/row_files.h"
#include "generate/edge_cover.h"
#include "generate/generate_traces.h"
#include "generate/resource_tables.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"--rows", "N", "rows to write, exactly"},
    {"--to", "NAME",
     "format to write: alibaba-2021, alibaba-2022, or csv (which alone says what failed)",
     "with --fit, the input's"},
    {"-o", "FILE",
     "where the rows go; .gz and .zst are compressed; the planted truth goes to FILE.truth.json"},
    {"--seed", "S", "another seed, another workload; the same seed, the same bytes", "1"},
    {"--services", "N", "microservices of the system", "20000"},
    {"--edges", "N",
     "plant exactly so many distinct edges (caller and callee), each of which occurs; without "
     "--services also a number of services that fits",
     "as they come"},
    {"--span-files", "K",
     "spread the rows over K files (64 at most) in their order, so that traces span files: -o "
     "x.csv "
     "gives x-1.csv to x-K.csv, -o DIR/ gives DIR/traces-1.csv and so on; numbers of the same "
     "length",
     "one file"},
    {"--fit", "INPUT,...",
     "in the shape of these traces or saved states instead of the published one: names are made "
     "up, "
     "headlines come out within 5 % where they can; what does not is listed",
     "none"},
    {"--order", "ORDER",
     "time: rows as they happened, as in the archives; trace: one trace after another", "time"},
    {"--damage", "KIND=SHARE,...",
     "break some on purpose: duplicates (of rows), missing (of calls), propagation (of calls with "
     "several callees), malformed (of rows)",
     "none"},
    {"--plant", "KIND=SHARE,...",
     "plant what findings are about, and nothing else of the kind: parallel (of interfaces: calls "
     "side by side), independent (of the others: calls one by one in any order), n-plus-1 (of "
     "call sites: the same call 5 to 44 times), retry (of call sites: failures, made again), "
     "cycles (of interfaces: call back), cpu (so much longer takes work for a point of the host's "
     "CPU; needs --resources), clusters (a number of them; calls across take 2 ms longer)",
     "none"},
    {"--resources", nullptr,
     "spread the traces over an hour, and write beside them how busy instances and hosts were: -o "
     "x.csv gives x.resources.csv and x.nodes.csv (and clusters= gives x.places.csv)"},
    kThreadsFlag,
};

// What generates: the published shape, or one that was fitted.
struct Workload {
  std::optional<document::Document> wanted;
  std::optional<generate::Fitted> fitted;
};

Result<Workload> WorkloadFrom(const Arguments& arguments, generate::TraceOptions& options) {
  Workload workload;
  const std::vector<std::string> inputs = arguments.List("--fit");
  if (!arguments.Has("--fit")) return workload;
  for (const char* flag : {"--edges", "--services", "--damage", "--plant", "--resources"}) {
    if (arguments.Has(flag)) {
      return Fail(ErrorKind::kUsage, fmt::format("--fit finds {} itself", flag));
    }
  }
  ASSIGN_OR_RETURN(workload.wanted, ReportOf(inputs, options.threads));
  if (options.format == nullptr) {
    // "a, b" where the inputs were of several.
    const std::string& formats = workload.wanted->input.format;
    ASSIGN_OR_RETURN(options.format, formats::FindFormat(formats.substr(0, formats.find(','))));
  }
  ASSIGN_OR_RETURN(workload.fitted, FitWorkload(*workload.wanted, options));
  options.services = workload.fitted->services;
  options.damage = workload.fitted->damage;
  return workload;
}

Result<generate::GeneratedTraces> Generate(const generate::TraceOptions& options,
                                           const Workload& workload,
                                           const generate::TextSink& sink) {
  if (!workload.fitted) return generate::GenerateTraces(options, sink, Interrupted);
  ASSIGN_OR_RETURN(const auto encoder, options.format->Write());
  return generate::GenerateTraces(options, workload.fitted->shape, *encoder, sink, Interrupted,
                                  &workload.fitted->selection);
}

// Says how near the written rows came, by analysing them.
Result<void> CheckFit(const Workload& workload, const RowFiles& out, unsigned threads) {
  if (!workload.fitted) return {};
  if (!out.regular()) {
    fmt::print(stderr,
               "plumbago: {} of {} headlines of a pilot were within 5 % of the input's (what is "
               "piped cannot be analysed)\n",
               workload.fitted->near, workload.fitted->compared);
    return {};
  }
  ASSIGN_OR_RETURN(const document::Document got, ReportOf(out.paths(), threads));
  fmt::print(stderr, "{}", FitReport(*workload.wanted, got));
  return {};
}

// Writes the tables beside the rows and names them in the truth.
Result<void> WriteTables(const generate::TraceOptions& options, const RowFiles& out,
                         generate::GeneratedTraces& generated) {
  ASSIGN_OR_RETURN(const auto tables, generate::TablesFor(options));
  for (const generate::ResourceTable& table : tables) {
    const std::string path = BesideName(out.name(), table.name);
    ASSIGN_OR_RETURN(const auto file, OutputFile::Open(path));
    RETURN_IF_ERROR(generate::WriteTable(table, *generated.system, options.seed,
                                         generated.truth.last_ms(),
                                         [&](std::string_view text) { return file->Write(text); }));
    RETURN_IF_ERROR(file->Commit());
    generated.truth.AddTable(table.name, std::filesystem::path(path).filename().native());
    fmt::print(stderr, "plumbago: {} in {}\n", table.name, path);
  }
  return {};
}

Result<generate::TraceOptions> OptionsFrom(const Arguments& arguments) {
  generate::TraceOptions options;
  const bool format_known = arguments.Has("--to") || arguments.Has("--fit");
  if (!arguments.Has("--rows") || !format_known || !arguments.Has("-o")) {
    return Fail(ErrorKind::kUsage,
                "say how many rows, in which format, and where: --rows N --to NAME -o FILE");
  }
  if (!arguments.inputs().empty()) {
    return Fail(ErrorKind::kUsage,
                fmt::format("nothing is read, so '{}' has no meaning here", arguments.inputs()[0]));
  }
  ASSIGN_OR_RETURN(options.rows, arguments.Number("--rows", 0, 1, 1'000'000'000'000));
  ASSIGN_OR_RETURN(options.seed, arguments.Number("--seed", 1, 0, UINT64_MAX));
  ASSIGN_OR_RETURN(options.edges, arguments.Number("--edges", 0, 1, generate::kMaxEdges));
  const uint64_t fitting =
      options.edges > 0 ? generate::ServicesFor(options.edges) : options.services;
  ASSIGN_OR_RETURN(const uint64_t services,
                   arguments.Number("--services", fitting, 10, 10'000'000));
  if (services != options.services && !arguments.Has("--services")) {
    fmt::print(stderr, "plumbago: {} services for {} edges (--services N: another number)\n",
               services, options.edges);
  }
  options.services = static_cast<uint32_t>(services);
  ASSIGN_OR_RETURN(options.order,
                   generate::ParseOrder(arguments.Value("--order").value_or("time")));
  if (const auto damage = arguments.Value("--damage"); damage && *damage != "none") {
    ASSIGN_OR_RETURN(options.damage, generate::ParseDamage(*damage));
  }
  if (const auto plants = arguments.Value("--plant"); plants && *plants != "none") {
    ASSIGN_OR_RETURN(options.plants, generate::ParsePlants(*plants));
    if (arguments.Has("--edges")) {
      return Fail(ErrorKind::kUsage,
                  "--plant and --edges do not go together: which edges there "
                  "are follows from what is planted");
    }
  }
  if (arguments.Has("--to")) {
    ASSIGN_OR_RETURN(options.format, formats::FindFormat(*arguments.Value("--to")));
    ASSIGN_OR_RETURN(const auto encoder, options.format->Write());
    if (encoder->wants_details()) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("generated calls have dotted ids and no span ids: they cannot be "
                              "written as {}; there are alibaba-2021, alibaba-2022 and csv",
                              options.format->name()));
    }
  }
  options.resources = arguments.Has("--resources");
  ASSIGN_OR_RETURN(options.threads, ThreadsFrom(arguments));
  return options;
}

Result<int> Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(generate::TraceOptions options, OptionsFrom(arguments));
  ASSIGN_OR_RETURN(const uint64_t span, arguments.Number("--span-files", 0, 1, kMostSpanFiles));
  ASSIGN_OR_RETURN(const Workload workload, WorkloadFrom(arguments, options));
  ASSIGN_OR_RETURN(RowFiles out, RowFiles::Open(*arguments.Value("-o"), span, options.rows));
  if (!out.regular() && (options.resources || options.plants.clusters > 0)) {
    return Fail(ErrorKind::kUsage,
                "--resources and clusters= write tables beside the rows: -o must be a file");
  }
  auto generated =
      Generate(options, workload, [&](std::string_view text) { return out.Write(text); });
  if (!generated) return tl::unexpected(generated.error());
  RETURN_IF_ERROR(out.Commit());
  RETURN_IF_ERROR(WriteTables(options, out, *generated));
  if (out.regular()) {
    RETURN_IF_ERROR(WriteWhole(out.name() + ".truth.json", generated->truth.Json()));
    fmt::print(stderr, "plumbago: {} rows in {}, what was planted in {}.truth.json\n", options.rows,
               out.paths().size() == 1
                   ? out.paths()[0]
                   : fmt::format("{} to {}", out.paths().front(), out.paths().back()),
               out.name());
  }
  RETURN_IF_ERROR(CheckFit(workload, out, options.threads));
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
    "broken.csv.gz\n"
    "  plumbago generate traces --rows 6000000 --edges 5000000 --to alibaba-2021 -o edges.csv\n"
    "  plumbago generate traces --rows 500000 --resources --plant cpu=0.02 --to csv -o "
    "busy.csv\n"
    "  plumbago generate traces --fit shop.plumb --rows 1000000 -o like.csv\n",
    false,
    Run,
};

}  // namespace plumbago::cli
