// plumbago functions advise: from a log to settings of Knative and KEDA.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/functions_advise_json.h"
#include "cli/functions_input.h"
#include "cli/input_flags.h"
#include "render/html_report.h"
#include "render/terminal.h"
#include "serverless/advice/advice_section.h"
#include "serverless/advice/manifest.h"
#include "serverless/advice/resource_name.h"
#include "serverless/advice/setting_text.h"
#include "serverless/workload_document.h"

namespace plumbago::cli {
namespace {

using serverless::Advice;
using serverless::AdviceOptions;
using serverless::ManifestFile;
using serverless::PlatformAdvice;
using serverless::PlatformKind;
using serverless::ServiceAdvice;

constexpr Flag kFlags[] = {
    {"--for", "LIST", "platforms, by commas: knative, keda"},
    {"--today", "TIME", "how long instances are kept today", "each platform's own default"},
    {"--lambda", "TIME", "idle loaded time that a cold start is worth", "600s"},
    {"--most-cold", "N%",
     "instead of --lambda: the least idle time with at most so many invocations cold"},
    {"--concurrency", "N", "requests that an instance serves at once, where a log has executions",
     "100"},
    {"--image", "NAME", "of the containers in manifests of Knative", serverless::kImageToReplace},
    {"-o", "DIR/", "write manifests and patches there, a file for each service and platform"},
    {"--manifests", nullptr, "print the manifests after the report"},
    {"--json", nullptr, "one object on one line (docs/formats/functions-json.md)"},
    {"--report", "FILE.html", "beside it the report as one HTML file"},
    {"--top", "N|all", "rows of each table", "20"},
    kFunctionFormatFlag,
    kFunctionMapFlag,
    kExecutionColumnFlag,
    kThreadsFlag,
    kStrictFlag,
};

Result<uint32_t> SecondsFrom(const Arguments& arguments, const char* flag, uint32_t fallback) {
  const auto given = arguments.Value(flag);
  if (!given) return fallback;
  ASSIGN_OR_RETURN(const int64_t ns, ParseTime(*given));
  const int64_t seconds = ns / 1'000'000'000;
  if (seconds < 1 || seconds > std::numeric_limits<int32_t>::max())
    return Fail(ErrorKind::kUsage, fmt::format("{} {}: at least 1 s is needed", flag, *given));
  return static_cast<uint32_t>(seconds);
}

Result<double> ShareFrom(const std::string& text) {
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  const std::string_view rest(end, static_cast<size_t>(text.data() + text.size() - end));
  if (error != std::errc() || (!rest.empty() && rest != "%") || !(percent >= 0 && percent <= 100)) {
    return Fail(ErrorKind::kUsage,
                fmt::format("--most-cold takes a percentage from 0 to 100, as 2%, not '{}'", text));
  }
  return percent / 100;
}

Result<AdviceOptions> OptionsFrom(const Arguments& arguments,
                                  const std::vector<PlatformKind>& platforms) {
  AdviceOptions options;
  if (arguments.Has("--lambda") && arguments.Has("--most-cold"))
    return Fail(ErrorKind::kUsage, "--lambda and --most-cold are two aims: give one");
  ASSIGN_OR_RETURN(const uint32_t lambda, SecondsFrom(arguments, "--lambda", 600));
  options.lambda = lambda;
  if (const auto share = arguments.Value("--most-cold")) {
    ASSIGN_OR_RETURN(options.most_cold, ShareFrom(*share));
  }
  if (arguments.Has("--today")) {
    ASSIGN_OR_RETURN(options.today, SecondsFrom(arguments, "--today", 0));
    for (const PlatformKind kind : platforms) {
      const serverless::Platform& platform = serverless::PlatformOf(kind);
      if (*options.today >= platform.shortest_keep && *options.today <= platform.longest_keep)
        continue;
      return Fail(ErrorKind::kUsage,
                  fmt::format("--today {}: {} keeps its last instance from {} to {}",
                              *arguments.Value("--today"), platform.title,
                              serverless::GoDuration(platform.shortest_keep),
                              serverless::GoDuration(platform.longest_keep)));
    }
  }
  ASSIGN_OR_RETURN(const uint64_t slots, arguments.Number("--concurrency", 100, 1, 1'000'000));
  options.slots = static_cast<uint32_t>(slots);
  return options;
}

std::string WhyOf(const ServiceAdvice& service, const serverless::Platform& platform) {
  return fmt::format(
      "{} instead of {}: {:.4g} cold starts a day (was {:.4g}), {:.4g} idle hours a "
      "day (was {:.4g})",
      TextOf(service.chosen, platform), TextOf(service.today, platform), service.chosen_cost.cold,
      service.today_cost.cold, service.chosen_cost.idle_seconds / 3600,
      service.today_cost.idle_seconds / 3600);
}

// Of services that should change.
std::vector<ManifestFile> ManifestsFrom(const Advice& advice, const serverless::Workload& load,
                                        const std::vector<std::string>& names,
                                        const std::string& image) {
  std::vector<ManifestFile> files;
  for (const PlatformAdvice& one : advice.platforms) {
    const serverless::Platform& platform = serverless::PlatformOf(one.platform);
    for (const ServiceAdvice& service : one.services) {
      if (service.verdict != serverless::AdviceVerdict::kChange) continue;
      const serverless::AppLoad& app = load.apps[service.app];
      serverless::ManifestSubject subject{names[service.app],       app.name, app.owner, image,
                                          WhyOf(service, platform), 0};
      // Day 0 of 1970 was a Thursday.
      if (load.day0 != model::kNoDay)
        subject.weekday = static_cast<uint32_t>((load.day0 % 7 + 11) % 7);
      for (ManifestFile& file : ManifestsOf(service.chosen, platform, subject))
        files.push_back(std::move(file));
    }
  }
  return files;
}

Result<void> WriteManifests(const std::vector<ManifestFile>& files, const std::string& folder) {
  for (const ManifestFile& file : files) {
    const std::filesystem::path path = std::filesystem::path(folder) / file.path;
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    if (failed) {
      return Fail(ErrorKind::kPermission,
                  fmt::format("cannot make the folder {}: {}", path.parent_path().native(),
                              failed.message()));
    }
    RETURN_IF_ERROR(WriteWhole(path.native(), file.text));
  }
  return {};
}

std::string Render(const document::Document& document, size_t top) {
  render::TerminalOptions options;
  options.top = top;
  options.sections = {"all"};
  options.colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  return render::RenderTerminal(document, options);
}

Result<int> Run(const Arguments& arguments) {
  const std::vector<std::string> wanted = arguments.List("--for");
  if (wanted.empty()) return Fail(ErrorKind::kUsage, "say for which platforms: --for knative,keda");
  if (arguments.inputs().empty())
    return Fail(ErrorKind::kUsage, "no input; name logs or tables of invocations, or a folder");
  if (arguments.Has("--json") && arguments.Has("--manifests"))
    return Fail(ErrorKind::kUsage,
                "--json prints one object; with it, write manifests with -o DIR/");
  const std::string image = arguments.Value("--image").value_or(serverless::kImageToReplace);
  if (image.empty() || image.find_first_of(" \t\n") != std::string::npos)
    return Fail(ErrorKind::kUsage,
                fmt::format("--image takes the name of an image, not '{}'", image));
  ASSIGN_OR_RETURN(const auto platforms, serverless::PlatformsOf(wanted));
  ASSIGN_OR_RETURN(const AdviceOptions options, OptionsFrom(arguments, platforms));
  ASSIGN_OR_RETURN(const unsigned threads, ThreadsFrom(arguments));
  ASSIGN_OR_RETURN(const size_t top, TopRows(arguments));
  ASSIGN_OR_RETURN(const serverless::ReadWorkload read, ReadFunctionsFrom(arguments));
  const serverless::Workload& load = read.load;
  const Advice advice = serverless::Advise(load, platforms, options, threads);
  const bool interrupted = read.interrupted || Interrupted();
  const std::vector<std::string> names = serverless::ResourceNames(load.apps);
  document::Document document = serverless::DocumentOf(read, "How long to keep instances");
  document.interrupted = interrupted;
  document.run.threads = threads;
  for (const PlatformAdvice& one : advice.platforms)
    document.sections.push_back(serverless::AdviceSection(one, advice, load));
  const std::vector<ManifestFile> manifests = ManifestsFrom(advice, load, names, image);
  if (const auto folder = arguments.Value("-o"))
    RETURN_IF_ERROR(WriteManifests(manifests, *folder));
  if (const auto report = arguments.Value("--report"))
    RETURN_IF_ERROR(WriteWhole(*report, render::RenderHtml(document, {.top = top})));
  std::string text = arguments.Has("--json") ? AdviceJson(read, advice, names, interrupted)
                                             : Render(document, top);
  if (arguments.Has("--manifests")) {
    for (const ManifestFile& file : manifests) {
      if (file.object) text += "---\n" + file.text;
    }
  }
  RETURN_IF_ERROR(WriteWhole("-", text));
  return ExitCode(arguments, interrupted, DamageText(read.damage));
}

}  // namespace

extern const Command kFunctionsAdvise;
const Command kFunctionsAdvise{
    "functions advise",
    "settings of Knative and KEDA from a log: what each costs and saves",
    "--for knative,keda LOG|TABLE|FOLDER...",
    "For each application, the setting that the platform can express and that is cheapest on the "
    "first two thirds of the log; its cost and what it saves against today's are estimated on the "
    "rest. Knative: scale-to-zero-pod-retention-period, scale-down-delay, min-scale. KEDA: "
    "cooldownPeriod, minReplicaCount, cron triggers for timers. Where a limit of the platform "
    "costs something, it is said what. With too little data, or where the rest does not confirm "
    "it, today's setting stays.",
    kFlags,
    "  plumbago functions advise --for knative,keda invocations.csv\n"
    "  plumbago functions advise --for keda --today 10m --lambda 20m -o manifests/ azure14/\n"
    "  plumbago functions advise --for knative --most-cold 1% --manifests log.csv\n",
    false,
    Run,
};

}  // namespace plumbago::cli
