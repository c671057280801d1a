#include "cli/input_flags.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>
#include <utility>

#include "base/input_files.h"
#include "base/output_file.h"
#include "base/worker_threads.h"
#include "fetch/fetch_input.h"
#include "fetch/moment_text.h"
#include "formats/csv_mapped/map_file.h"
#include "formats/csv_mapped/map_flags.h"
#include "formats/csv_mapped/mapped_csv.h"
#include "model/damage.h"

namespace plumbago::cli {
namespace {

// Puts the format of the map, if one is given, before all others and in the place of the built-in
// one of its name.
Result<void> SetMap(const Arguments& arguments, engine::ReadOptions& options) {
  const auto file = arguments.Value("--map");
  const std::vector<std::string> columns = arguments.List("--map-column");
  if (!file && columns.empty()) return {};
  if (file && !columns.empty())
    return Fail(ErrorKind::kUsage, "--map and --map-column exclude each other");
  ASSIGN_OR_RETURN(formats::ColumnMap map,
                   file ? formats::ReadMap(*file) : formats::MapFromFlags(columns));
  // What is read refers to formats until the process ends.
  static std::unique_ptr<const formats::MappedCsv> mapped;
  static std::vector<const formats::Format*> all;
  mapped = std::make_unique<formats::MappedCsv>(std::move(map));
  all.assign(1, mapped.get());
  for (const formats::Format* format : formats::Formats()) {
    if (format->name() != mapped->name()) all.push_back(format);
  }
  options.formats = all;
  if (options.format != nullptr && options.format->name() == mapped->name())
    options.format = mapped.get();
  return {};
}

// Servers among the inputs: what is asked of them.
Result<void> SetFetch(const Arguments& arguments, const engine::ReadOptions& options) {
  const bool any = std::any_of(options.inputs.begin(), options.inputs.end(), IsAddress);
  if (!any) {
    for (const char* flag : {"--from", "--until", "--fetch-bytes"}) {
      if (!arguments.Has(flag)) continue;
      return Fail(ErrorKind::kUsage,
                  fmt::format("{} is about servers, and none is among the inputs: name one as "
                              "jaeger=URL, tempo=URL or zipkin=URL",
                              flag));
    }
    return {};
  }
  fetch::FetchOptions fetch;
  fetch.now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count();
  ASSIGN_OR_RETURN(fetch.from_ns,
                   fetch::ParseMoment(arguments.Value("--from").value_or("-1h"), fetch.now_ns));
  ASSIGN_OR_RETURN(fetch.until_ns,
                   fetch::ParseMoment(arguments.Value("--until").value_or("now"), fetch.now_ns));
  if (fetch.from_ns >= fetch.until_ns) {
    return Fail(ErrorKind::kUsage,
                fmt::format("nothing lies between --from {} and --until {}",
                            fetch::MomentText(fetch.from_ns), fetch::MomentText(fetch.until_ns)));
  }
  fetch.services = arguments.List("--service");
  if (const auto size = arguments.Value("--fetch-bytes")) {
    ASSIGN_OR_RETURN(fetch.bytes, engine::ParseSize(*size));
  }
  // A few answers are in memory at once.
  fetch.limits.most_answer_bytes = std::clamp<uint64_t>(options.memory / 64, 4u << 20, 64u << 20);
  RETURN_IF_ERROR(fetch::TakeSecrets(fetch));
  fetch::RegisterFetch(fetch);
  return {};
}

}  // namespace

Result<unsigned> ThreadsFrom(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const uint64_t threads, arguments.Number("--threads", AvailableCores(), 1, 256));
  return static_cast<unsigned>(threads);
}

Result<engine::ReadOptions> ReadOptionsFrom(const Arguments& arguments) {
  engine::ReadOptions options;
  options.inputs = arguments.inputs();
  if (options.inputs.empty()) {
    return Fail(ErrorKind::kUsage,
                "no input: name files, folders, globs, servers (jaeger=URL), or - for standard "
                "input");
  }
  if (const auto name = arguments.Value("--format")) {
    ASSIGN_OR_RETURN(options.format, formats::FindFormat(*name));
  }
  RETURN_IF_ERROR(SetMap(arguments, options));
  ASSIGN_OR_RETURN(options.threads, ThreadsFrom(arguments));
  if (const auto size = arguments.Value("--memory")) {
    ASSIGN_OR_RETURN(options.memory, engine::ParseSize(*size));
  } else {
    options.memory = engine::DefaultBudget();
  }
  RETURN_IF_ERROR(SetFetch(arguments, options));
  options.threads = engine::PlanMemory(options.memory, options.threads).threads;
  options.show_progress = isatty(STDERR_FILENO) != 0;
  return options;
}

Result<engine::Closing::Policy> ClosingFrom(const Arguments& arguments) {
  const std::string which = arguments.Value("--open").value_or("window");
  if (which == "window") return engine::Closing::kWindow;
  if (which == "all") return engine::Closing::kNone;
  return Fail(ErrorKind::kUsage, fmt::format("--open is window or all, not '{}'", which));
}

Result<int64_t> OpenWindowFrom(const Arguments& arguments) {
  return ParseTime(arguments.Value("--open-window").value_or("60s"));
}

Result<int64_t> ParseTime(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {{"us", 1e3}, {"ms", 1e6},   {"s", 1e9},
                                                            {"m", 60e9}, {"h", 3600e9}, {"", 1e9}};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view rest(end, static_cast<size_t>(text.data() + text.size() - end));
  for (const auto& [unit, ns] : kUnits) {
    if (error != std::errc() || rest != unit) continue;
    if (!(value >= 0) || value * ns > 9e18) break;
    return static_cast<int64_t>(value * ns);
  }
  return Fail(ErrorKind::kUsage,
              fmt::format("a time is written 60s, 5m, 2h or 500ms, not '{}'", text));
}

Result<graph::RepairMode> RepairFrom(const Arguments& arguments) {
  const std::string name = arguments.Value("--repair").value_or("rebuild");
  if (const auto mode = graph::ParseRepairMode(name)) return *mode;
  std::string known;
  for (uint8_t i = 0; i < graph::kRepairModes; ++i) {
    const auto mode = static_cast<graph::RepairMode>(i);
    known += fmt::format("\n  {:<10}{}", graph::RepairModeName(mode), graph::RepairModeHelp(mode));
  }
  return Fail(ErrorKind::kUsage,
              fmt::format("no repair mode is called '{}'; there are{}", name, known));
}

Result<size_t> TopRows(const Arguments& arguments) {
  if (arguments.Value("--top") == "all") return std::numeric_limits<size_t>::max();
  ASSIGN_OR_RETURN(const uint64_t top, arguments.Number("--top", 20, 0, 1'000'000'000));
  return static_cast<size_t>(top);
}

Result<void> WriteWhole(const std::string& path, std::string_view text) {
  ASSIGN_OR_RETURN(const auto file, OutputFile::Open(path));
  RETURN_IF_ERROR(file->Write(text));
  return file->Commit();
}

std::string DamageText(const model::DamageCounts& damage) {
  std::string text;
  for (size_t i = 0; i < model::kDamages; ++i) {
    const auto kind = static_cast<model::Damage>(i);
    if (damage.Count(kind) == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", model::Describe(kind).title,
                        damage.Count(kind));
  }
  return text;
}

std::string DamageText(const document::Input& input) {
  std::string text;
  for (const document::DamageCount& count : input.by_kind) {
    if (count.kind == model::Describe(model::Damage::kRightCut).name) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count.title, count.count);
  }
  return text;
}

int ExitCode(const Arguments& arguments, bool interrupted, const std::string& damage) {
  if (interrupted) {
    fmt::print(stderr, "plumbago: interrupted: the result is partial\n");
    return kExitInterrupted;
  }
  if (!damage.empty() && arguments.Has("--strict")) {
    fmt::print(stderr, "plumbago: the input is damaged (--strict): {}\n", damage);
    return kExitUsage;
  }
  return kExitDone;
}

}  // namespace plumbago::cli
