// plumbago traces: single traces out of many, found by what is in them; one of them whole.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cli/command.h"
#include "cli/found_traces.h"
#include "cli/input_flags.h"
#include "cli/wanted_trace.h"
#include "engine/trace_search.h"

namespace plumbago::cli {
namespace {

constexpr Flag kFlags[] = {
    {"--service", "NAME",
     "a span of this service, or one that calls it; a server is asked for its traces alone"},
    {"--operation", "NAME", "a span of this operation (of the same span as --service)"},
    {"--error", nullptr, "a span with an error (the same span)"},
    {"--attribute", "KEY[=VALUE]",
     "a span, or the process that wrote it, has this attribute (the same span); repeatable"},
    {"--min-duration", "TIME", "the request took at least so long (20ms, 1.5s)"},
    {"--where", "PATTERN",
     "what calls what: 'A > B' directly, 'A >> B' anywhere below, 'A && B' both; A is a service, "
     "service/operation or *"},
    {"--slowest", "N", "the N slowest that match", "20"},
    {"--rare", "N", "the N strangest instead: rare form, odd duration"},
    {"--trace", "ID", "show this trace whole: its spans, the critical path, how unusual each is"},
    {"--spans", "N|all", "with --trace: so many spans at most", "200"},
    {"--json", nullptr, "the same as JSON"},
    kRepairFlag,
    kFormatFlag,
    kMapFlag,
    kMapColumnFlag,
    kFromFlag,
    kUntilFlag,
    kFetchBytesFlag,
    kThreadsFlag,
    kMemoryFlag,
    kStrictFlag,
};

Result<engine::TraceSearchOptions> OptionsFrom(const Arguments& arguments) {
  engine::TraceSearchOptions options;
  ASSIGN_OR_RETURN(options.read, ReadOptionsFrom(arguments));
  ASSIGN_OR_RETURN(options.mode, RepairFrom(arguments));
  engine::TraceFilter& filter = options.filter;
  filter.service = arguments.Value("--service");
  filter.operation = arguments.Value("--operation");
  filter.error = arguments.Has("--error");
  for (const std::string& text : arguments.List("--attribute")) {
    filter.attributes.push_back(engine::AttributeFilter::Of(text));
  }
  if (const auto least = arguments.Value("--min-duration")) {
    ASSIGN_OR_RETURN(filter.min_duration_ns, ParseTime(*least));
  }
  if (const auto where = arguments.Value("--where")) {
    ASSIGN_OR_RETURN(filter.where, graph::SpanPattern::Parse(*where));
  }
  if (arguments.Has("--rare") && arguments.Has("--slowest")) {
    return Fail(ErrorKind::kUsage, "--slowest and --rare are two orders: give one");
  }
  constexpr uint64_t kMost = 1'000'000;
  const bool rare = arguments.Has("--rare");
  options.order = rare ? engine::TraceSearchOptions::Order::kStrangest
                       : engine::TraceSearchOptions::Order::kSlowest;
  ASSIGN_OR_RETURN(options.most, arguments.Number(rare ? "--rare" : "--slowest", 20, 1, kMost));
  if (const auto id = arguments.Value("--trace")) {
    options.show_text = *id;
    options.show = TraceIdsOf(*id);
  }
  return options;
}

Result<int> Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const engine::TraceSearchOptions options, OptionsFrom(arguments));
  size_t most_spans = 200;
  if (arguments.Value("--spans") == "all") {
    most_spans = SIZE_MAX;
  } else {
    ASSIGN_OR_RETURN(most_spans, arguments.Number("--spans", 200, 1, 1'000'000'000));
  }
  ASSIGN_OR_RETURN(const engine::TraceSearch search, engine::SearchTraces(options));
  if (!options.show.empty() && !search.shown) {
    return NoSuchTrace(options.show_text, search.traces, search.dropped, options.mode);
  }
  const bool colour = isatty(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
  std::string text;
  if (arguments.Has("--json")) {
    text = FoundTracesJson(search, options, most_spans);
  } else {
    text = FoundTracesText(search, options, most_spans, 100, colour);
  }
  RETURN_IF_ERROR(WriteWhole("-", text));
  if (const uint64_t missing = search.damage.Count(model::Damage::kNotFetched); missing > 0) {
    fmt::print(stderr,
               "plumbago: INCOMPLETE: {} of what a server was asked for did not come; plumbago "
               "analyze --section completeness says which\n",
               missing);
  }
  return ExitCode(arguments, search.interrupted, DamageText(search.damage));
}

}  // namespace

extern const Command kTraces;
const Command kTraces{
    "traces",
    "find single traces among many, and show one whole",
    "INPUT...",
    "Reads the same files as analyze and lists traces: the slowest, or with --rare the strangest "
    "first, that hold what the flags ask for. What is said of a span must hold for one span of the "
    "trace. How strange a trace is, in bits, adds how rare its form is among the traces of its "
    "entry "
    "(which operations call which, with their errors) and how far out its duration is.\n"
    "With --trace ID one trace is drawn: its spans as a tree in time, what of each lies on the "
    "critical path, and how many of the same service and operation were faster.",
    kFlags,
    "  plumbago traces --service frontend --slowest 5 traces/\n"
    "  plumbago traces --where 'frontend >> mysql' --error --rare 10 traces/\n"
    "  plumbago traces --attribute http.status_code=500 spans.otlp.jsonl.zst\n"
    "  plumbago traces --trace 1003ab64d0d247f2 traces/\n",
    false,
    Run,
};

}  // namespace plumbago::cli
