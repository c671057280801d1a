// plumbago analyze: the main job.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/input_flags.h"
#include "engine/characterise.h"
#include "engine/choose_analyses.h"
#include "engine/completeness_section.h"
#include "render/first_screen.h"
#include "render/html_report.h"
#include "render/json.h"
#include "render/listing.h"
#include "render/markdown.h"
#include "render/terminal.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    kRepairFlag,
    {"--only", "ID,...", "only these analyses"},
    {"--faster", "SERVICE[/OPERATION]=N%",
     "what if it needed so much less time of its own? Each trace is replayed; repeatable"},
    {"--skip", "ID,...", "all analyses but these"},
    {"--list", nullptr, "say what each analysis asks, needs and stands on, and end"},
    {"--section", "ID,...",
     "these sections in full, or all: every headline, table, figure and finding"},
    {"--json", nullptr, "one JSON object on standard output (docs/formats/report-json.md)"},
    {"--markdown", nullptr, "the report as Markdown, for a README or a ticket"},
    {"--report", "FILE.html",
     "beside it the report as one HTML file: figures, light and dark, no network, at most 2 MB"},
    {"--top", "N|all", "rows of each table", "20"},
    {"-o", "FILE", "write the report to FILE instead of standard output"},
    {"--save", "S.plumb",
     "keep what was learnt as a state: it merges (plumbago merge) and is an input like any other"},
    kOpenWindowFlag,
    kOpenFlag,
    {"--resume", nullptr, "with --save: go on with an interrupted run where S.plumb stopped"},
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

std::string AnalysisList(bool as_json) {
  std::vector<const analysis::Description*> all{&engine::kCompletenessDescription};
  for (const analysis::AnyAnalysis& a : analysis::Analyses()) all.push_back(a.description);
  if (!as_json) {
    render::Listing listing{{"id", "question", "needs", "source"}, {}};
    for (const auto* d : all) listing.rows.push_back({d->id, d->question, d->needs, d->source});
    return render::RenderTable(listing);
  }
  std::string text;
  JsonWriter json(&text);
  json.BeginObject().Key("schema").Int(1).Key("analyses").BeginArray();
  for (const auto* d : all) {
    json.BeginObject().Key("id").String(d->id).Key("title").String(d->title);
    json.Key("question").String(d->question).Key("needs").String(d->needs);
    json.Key("source").String(d->source).EndObject();
  }
  json.EndArray().EndObject();
  return text + "\n";
}

Result<std::string> Render(const document::Document& document, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const size_t top, TopRows(arguments));
  if (arguments.Has("--json")) return render::RenderJson(document, {.top = top}) + "\n";
  if (arguments.Has("--markdown")) return render::RenderMarkdown(document, {.top = top});
  render::TerminalOptions options;
  options.top = top;
  options.sections = arguments.List("--section");
  options.colour =
      !arguments.Has("-o") && isatty(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
  return render::RenderTerminal(document, options);
}

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Each of `sections` must be known and among the analyses that run; "all" stands for each.
Result<void> CheckSections(std::vector<std::string> sections,
                           const engine::CharacteriseOptions& options) {
  std::erase(sections, "all");
  RETURN_IF_ERROR(engine::ChooseAnalyses(sections, {}));
  for (const std::string& id : sections) {
    if ((!options.only.empty() && !Contains(options.only, id)) || Contains(options.skip, id)) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("--section {} asks for what --only or --skip leaves out", id));
    }
  }
  return {};
}

void KeepSections(const std::vector<std::string>& sections, document::Document& document) {
  if (sections.empty() || Contains(sections, "all")) return;
  std::erase_if(document.sections,
                [&](const document::Section& section) { return !Contains(sections, section.id); });
}

Result<void> SaveFrom(const Arguments& arguments, engine::CharacteriseOptions& options) {
  options.save = arguments.Value("--save").value_or("");
  options.resume = arguments.Has("--resume");
  if (options.save.empty()) {
    for (const char* flag : {"--resume", "--open", "--open-window"}) {
      if (!arguments.Has(flag)) continue;
      return Fail(ErrorKind::kUsage, fmt::format("{} is about the state: give --save too", flag));
    }
  }
  ASSIGN_OR_RETURN(options.closing, ClosingFrom(arguments));
  ASSIGN_OR_RETURN(options.open_window_ns, OpenWindowFrom(arguments));
  return {};
}

void SayHowToGoOn(const std::string& save, const engine::Characterised& done) {
  if (!done.cannot_go_on_with) {
    fmt::print(stderr, "plumbago: {} holds what was read; the same command with --resume goes on\n",
               save);
    return;
  }
  fmt::print(stderr,
             "plumbago: {} holds what was read; --resume goes on with other inputs, but not with "
             "{}: how far a pipe was read is not known\n",
             save, *done.cannot_go_on_with);
}

Result<int> Run(const Arguments& arguments) {
  if (arguments.Has("--list")) {
    RETURN_IF_ERROR(WriteWhole("-", AnalysisList(arguments.Has("--json"))));
    return kExitDone;
  }
  engine::CharacteriseOptions options;
  ASSIGN_OR_RETURN(options.read, ReadOptionsFrom(arguments));
  if (arguments.Has("--repair")) {
    ASSIGN_OR_RETURN(options.mode, RepairFrom(arguments));
  }
  RETURN_IF_ERROR(SaveFrom(arguments, options));
  options.only = arguments.List("--only");
  for (const std::string& option : arguments.List("--faster")) {
    ASSIGN_OR_RETURN(options.faster.emplace_back(), analysis::ParseFaster(option));
  }
  constexpr size_t kMostFaster = 64;
  if (options.faster.size() > kMostFaster) {
    return Fail(ErrorKind::kUsage, fmt::format("--faster is taken {} times at most", kMostFaster));
  }
  options.skip = arguments.List("--skip");
  // Names are checked before the work.
  if (arguments.Has("--json") && arguments.Has("--markdown")) {
    return Fail(ErrorKind::kUsage, "--json and --markdown are two forms of one output: give one");
  }
  ASSIGN_OR_RETURN(const size_t top, TopRows(arguments));
  options.table_rows = std::max(top, render::kKeyRows);
  RETURN_IF_ERROR(CheckSections(arguments.List("--section"), options));

  ASSIGN_OR_RETURN(engine::Characterised done, engine::Characterise(options));
  if (arguments.Has("--json") || arguments.Has("--markdown")) {
    KeepSections(arguments.List("--section"), done.document);
  }
  if (const auto report = arguments.Value("--report")) {
    RETURN_IF_ERROR(WriteWhole(*report, render::RenderHtml(done.document, {.top = top})));
  }
  ASSIGN_OR_RETURN(const std::string text, Render(done.document, arguments));
  RETURN_IF_ERROR(WriteWhole(arguments.Value("-o").value_or("-"), text));
  if (done.interrupted && !options.save.empty()) SayHowToGoOn(options.save, done);
  return ExitCode(arguments, done.interrupted, DamageText(done.document.input));
}

}  // namespace

extern const Command kAnalyze;
const Command kAnalyze{
    "analyze",
    "characterise traces: completeness, shape, latency, findings",
    "INPUT...",
    "Reads traces from files, folders, globs or - (standard input), plain or compressed (.gz, "
    ".zst, .tar.gz, .tar.zst), or asks servers for them (jaeger=URL, tempo=URL, zipkin=URL; "
    "PLUMBAGO_TOKEN and PLUMBAGO_TENANT in the environment), repairs what is damaged, and says who "
    "calls whom, how call graphs "
    "look, what runs in parallel, where the latency is, and how complete the data was.\n"
    "The format is found from the first bytes. Damaged rows are counted and the rest is used.\n"
    "With --save what was learnt is kept as a state, a small file that later runs take as an "
    "input, "
    "alone or with others. Traces at the edges of the data stay open in it, as rows, for there may "
    "be more of them in the data before and after.",
    kFlags,
    "  plumbago analyze traces.csv                         one screen\n"
    "  plumbago analyze --json day/*.tar.gz > report.json  everything, for programs\n"
    "  plumbago analyze --report day.html day/             a page to look at and to pass on\n"
    "  plumbago analyze --markdown --only scale,edges day/ for a ticket\n"
    "  plumbago analyze --section edges --top 50 traces/   the slowest edges in full\n"
    "  gzip -dc x.csv.gz | plumbago analyze -              from a pipe\n"
    "  plumbago analyze jaeger=http://host:16686 --from -2h  out of a server; also tempo=, "
    "zipkin=\n"
    "  plumbago analyze --save mon.plumb monday/           keep what was learnt\n"
    "  plumbago analyze mon.plumb tue.plumb                both days, without reading them again\n"
    "  plumbago analyze --map nezha.toml data.tar.zst      any CSV, told by a map\n"
    "  plumbago analyze --memory 256M huge/*.csv.gz        any size in 256 MB\n",
    true,
    Run,
};

}  // namespace plumbago::cli
