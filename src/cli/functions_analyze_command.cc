// plumbago functions analyze: what a workload of functions looks like.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/functions_input.h"
#include "cli/input_flags.h"
#include "render/first_screen.h"
#include "render/html_report.h"
#include "render/json.h"
#include "render/markdown.h"
#include "render/terminal.h"
#include "serverless/figures/figures.h"
#include "serverless/release_check.h"
#include "serverless/workload_document.h"
#include "serverless/workload_reader.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"--section", "ID,...",
     "these sections in full, or all: every headline, table, figure and finding"},
    {"--json", nullptr, "one JSON object on standard output (docs/formats/report-json.md)"},
    {"--markdown", nullptr, "the report as Markdown, for a README or a ticket"},
    {"--report", "FILE.html",
     "beside it the report as one HTML file: figures, light and dark, no network, at most 2 MB"},
    {"--top", "N|all", "rows of each table", "20"},
    {"-o", "FILE", "write the report to FILE instead of standard output"},
    kFunctionFormatFlag,
    kFunctionMapFlag,
    kExecutionColumnFlag,
    kThreadsFlag,
    kStrictFlag,
};

// Each of `sections` must be known; "all" stands for each.
Result<void> CheckSections(const std::vector<std::string>& sections) {
  std::vector<std::string> known = {"all", "completeness", "comparison", "release-check"};
  for (const serverless::FigureSection& section : serverless::FigureSections())
    known.emplace_back(section.id);
  for (const std::string& id : sections) {
    if (std::find(known.begin(), known.end(), id) != known.end()) continue;
    return Fail(ErrorKind::kUsage,
                fmt::format("no section '{}'; known: {}", id, fmt::join(known, ", ")));
  }
  return {};
}

void KeepSections(const std::vector<std::string>& sections, document::Document& document) {
  const auto wanted = [&](const std::string& id) {
    return std::find(sections.begin(), sections.end(), id) != sections.end();
  };
  if (sections.empty() || wanted("all")) return;
  std::erase_if(document.sections,
                [&](const document::Section& section) { return !wanted(section.id); });
}

Result<int> Run(const Arguments& arguments) {
  if (arguments.inputs().empty())
    return Fail(ErrorKind::kUsage,
                "no input; name tables or logs of functions, or a folder of them");
  if (arguments.Has("--json") && arguments.Has("--markdown"))
    return Fail(ErrorKind::kUsage, "--json and --markdown are two forms of one output: give one");
  const std::vector<std::string> sections = arguments.List("--section");
  RETURN_IF_ERROR(CheckSections(sections));
  ASSIGN_OR_RETURN(const size_t top, TopRows(arguments));
  ASSIGN_OR_RETURN(const unsigned threads, ThreadsFrom(arguments));
  ASSIGN_OR_RETURN(const serverless::ReadWorkload read, ReadFunctionsFrom(arguments));
  document::Document document = serverless::DocumentOf(read, "Functions: what is invoked, and how");
  const auto began = std::chrono::steady_clock::now();
  document.sections = serverless::MakeFigureSections(
      serverless::Context(read.load, threads, std::max(top, render::kKeyRows)));
  if (std::optional<document::Section> check = serverless::ReleaseCheck(read))
    document.sections.push_back(std::move(*check));
  document.run.seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  document.run.threads = threads;
  const std::string inputs = fmt::format("{}", fmt::join(arguments.inputs(), " "));
  document.next = {
      fmt::format("plumbago functions analyze --report functions.html {}", inputs),
      fmt::format("plumbago functions simulate {}", inputs),
  };
  document.interrupted = read.interrupted || Interrupted();

  if (const auto report = arguments.Value("--report"))
    RETURN_IF_ERROR(WriteWhole(*report, render::RenderHtml(document, {.top = top})));
  std::string text;
  if (arguments.Has("--json") || arguments.Has("--markdown")) {
    KeepSections(sections, document);
    text = arguments.Has("--json") ? render::RenderJson(document, {.top = top}) + "\n"
                                   : render::RenderMarkdown(document, {.top = top});
  } else {
    render::TerminalOptions options;
    options.top = top;
    options.sections = sections;
    options.colour =
        !arguments.Has("-o") && isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    text = render::RenderTerminal(document, options);
  }
  RETURN_IF_ERROR(WriteWhole(arguments.Value("-o").value_or("-"), text));
  return ExitCode(arguments, document.interrupted, DamageText(read.damage));
}

}  // namespace

extern const Command kFunctionsAnalyze;
const Command kFunctionsAnalyze{
    "functions analyze",
    "characterise functions: popularity, triggers, gaps, periods, times",
    "INPUT...",
    "Reads what a serverless platform says of its functions (invocations by minute, execution "
    "times, memory, logs of executions or of cold starts; plain or compressed) and draws the "
    "figures of Serverless in the Wild (ATC'20) from it, over the paper's and the release's own "
    "curves: functions of applications, triggers, popularity, gaps, execution times and memory "
    "with their fits. Beside them: periods and their phase, hours and days, burstiness, "
    "applications that are invoked together. What the data cannot say is said.",
    kFlags,
    "  plumbago functions analyze azure14/                          one screen\n"
    "  plumbago functions analyze --report f.html invocations.csv.zst durations.csv.zst\n"
    "  plumbago functions analyze --section periods --top 50 azure14/\n"
    "  plumbago functions analyze --json azure14/ > functions.json\n",
    false,
    Run,
};

}  // namespace plumbago::cli
