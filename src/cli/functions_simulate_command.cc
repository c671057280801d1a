// plumbago functions simulate: what keep-alive policies would have done.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/functions_input.h"
#include "cli/functions_json.h"
#include "cli/input_flags.h"
#include "render/html_report.h"
#include "render/markdown.h"
#include "render/terminal.h"
#include "serverless/policy_list.h"
#include "serverless/simulation_section.h"
#include "serverless/sweep_section.h"
#include "serverless/workload_document.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"--policy", "LIST", "policies, by commas: see above", "all"},
    {"--sweep", nullptr,
     "all policies over their whole range: the front of cold starts against idle time, its knee, "
     "and who gains and loses by it"},
    {"--execution-time", "none|average",
     "of counts by minute: executions take no time, or their function's average of the day (the "
     "table of durations); those of logs take what they took",
     "none"},
    {"--json", nullptr, "one object on one line (docs/formats/functions-json.md)"},
    {"--markdown", nullptr, "the report as Markdown, for a README or a ticket"},
    {"--report", "FILE.html", "beside it the report as one HTML file"},
    {"--top", "N|all", "rows of each table", "20"},
    {"-o", "FILE", "write the result to FILE instead of standard output"},
    kFunctionFormatFlag,
    kFunctionMapFlag,
    kExecutionColumnFlag,
    kThreadsFlag,
    kStrictFlag,
};

std::string Render(const document::Document& document, const Arguments& arguments, size_t top) {
  if (arguments.Has("--markdown")) return render::RenderMarkdown(document, {.top = top});
  render::TerminalOptions options;
  options.top = top;
  options.sections = {"all"};
  options.colour =
      !arguments.Has("-o") && isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  return render::RenderTerminal(document, options);
}

Result<int> Run(const Arguments& arguments) {
  if (arguments.inputs().empty())
    return Fail(ErrorKind::kUsage,
                "no input; name tables of invocations, logs, traces, or a folder of them");
  if (arguments.Has("--json") && arguments.Has("--markdown"))
    return Fail(ErrorKind::kUsage, "--json and --markdown are two forms of one output: give one");
  std::vector<std::string> names = arguments.List("--policy");
  if (names.empty()) names = {arguments.Has("--sweep") ? "fixed:10m" : "all"};
  ASSIGN_OR_RETURN(const auto policies, serverless::PoliciesOf(names));
  const std::string time = arguments.Value("--execution-time").value_or("none");
  if (time != "none" && time != "average")
    return Fail(ErrorKind::kUsage, "--execution-time is none or average");
  ASSIGN_OR_RETURN(const unsigned threads, ThreadsFrom(arguments));
  ASSIGN_OR_RETURN(const size_t top, TopRows(arguments));
  ASSIGN_OR_RETURN(const serverless::ReadWorkload read, ReadFunctionsFrom(arguments));
  if (read.load.invocations == 0 && !read.interrupted) {
    return Fail(ErrorKind::kBadInput,
                "nothing says what was invoked, or when: name a table of invocations or a log; "
                "functions analyze shows what there is");
  }
  const auto execution =
      time == "average" ? serverless::ExecutionTime::kAverage : serverless::ExecutionTime::kNone;
  const serverless::Simulation simulation =
      serverless::Simulate(read.load, policies, threads, execution);
  for (const auto& policy : policies) {
    if (!policy->note().empty())
      fmt::print(stderr, "plumbago: {}: {}\n", policy->name(), policy->note());
  }
  std::optional<serverless::Sweep> sweep;
  if (arguments.Has("--sweep")) sweep = serverless::SweepPolicies(read.load, threads, execution);
  const bool interrupted = read.interrupted || Interrupted();
  document::Document document = serverless::DocumentOf(read, "Keep-alive policies");
  document.interrupted = interrupted;
  document.run.threads = threads;
  if (sweep) {
    document.sections.push_back(
        serverless::SweepSection(*sweep, read.load, simulation.rules, std::max<size_t>(top, 100)));
  }
  if (!sweep || arguments.Has("--policy")) {
    document.sections.push_back(serverless::PoliciesSection(simulation));
    if (sweep) document.sections.back().findings.clear();  // the sweep says the same of more
  }
  if (const auto report = arguments.Value("--report"))
    RETURN_IF_ERROR(WriteWhole(*report, render::RenderHtml(document, {.top = top})));
  RETURN_IF_ERROR(WriteWhole(arguments.Value("-o").value_or("-"),
                             arguments.Has("--json")
                                 ? SimulationJson(read, simulation, sweep, interrupted)
                                 : Render(document, arguments, top)));
  return ExitCode(arguments, interrupted, DamageText(read.damage));
}

}  // namespace

extern const Command kFunctionsSimulate;
const Command kFunctionsSimulate{
    "functions simulate",
    "what keep-alive policies would have cost and saved",
    "INPUT...",
    "Replays the invocations of serverless functions (tables by minute, logs of executions, or "
    "traces) under keep-alive policies, and says of each how many invocations met no loaded "
    "instance and how long instances were loaded for nothing.\n"
    "Policies: fixed:10m (keep for so long), no-unload, hybrid:4h (Serverless in the Wild, ATC'20; "
    "behind the range any of cut=5-99, margin=10, cv=2, no-prewarm, and for gaps beyond it median, "
    "the usual, arima or no-arima), ours[:lambda=600s] (learns the ages at which an invocation is "
    "likely; a cold start is worth lambda seconds of idle loaded time), bounds (what nobody can "
    "beat in hindsight), all; and lru:16G, lfu:16G, size:16G, landlord:16G, greedy-dual:16G: one "
    "server of so much memory that keeps what it can (FaasCache, ASPLOS'21).",
    kFlags,
    "  plumbago functions simulate azure14/\n"
    "  plumbago functions simulate --policy fixed:10m,hybrid:4h:no-arima,ours invocations.csv.zst\n"
    "  plumbago functions simulate --sweep --report pareto.html azure14/\n"
    "  plumbago functions simulate --json --policy ours:lambda=20m day.csv > day.json\n",
    false,
    Run,
};

}  // namespace plumbago::cli
