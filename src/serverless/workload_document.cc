#include "serverless/workload_document.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "serverless/release_check.h"

namespace plumbago::serverless {
namespace {

using document::Statement;

std::string Grouped(uint64_t count) {
  std::string text = fmt::format("{}", count);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

Statement Functions(const Workload& load) {
  size_t functions = 0;
  for (const AppLoad& app : load.apps) functions += app.functions.size();
  Statement statement{"functions", {}};
  statement.parts = {
      Grouped(functions) + (functions == 1 ? " function" : " functions"),
      Grouped(load.apps.size()) + (load.apps.size() == 1 ? " application" : " applications"),
      Grouped(load.invocations) + " invocations"};
  return statement;
}

Statement Time(const Workload& load) {
  Statement statement{"time", {}};
  if (load.end_minute <= load.first_minute) {
    statement.parts = {"no table says when"};
    return statement;
  }
  statement.parts = {fmt::format("{} to {}", MinuteText(load, load.first_minute),
                                 MinuteText(load, load.end_minute))};
  if (load.end_minute - load.first_minute < 1440) {
    statement.parts.push_back(fmt::format("minutes {} to {} of a day", load.first_minute % 1440 + 1,
                                          (load.end_minute - 1) % 1440 + 1));
  }
  if (load.missing_days.empty()) {
    statement.parts.push_back("no day is missing");
  } else {
    std::vector<std::string> days;
    days.reserve(load.missing_days.size());
    for (const uint32_t day : load.missing_days) days.push_back(fmt::format("{}", day + 1));
    constexpr size_t kMost = 12;
    const size_t shown = std::min(days.size(), kMost);
    statement.parts.push_back(fmt::format(
        "MISSING {} {}{}", days.size() == 1 ? "day" : "days",
        fmt::join(days.begin(), days.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < days.size() ? " ..." : ""));
  }
  return statement;
}

Statement Tables(const Workload& load) {
  Statement statement{"tables", {}};
  const JoinCounts& joins = load.joins;
  const auto add = [&](const std::string& text) { statement.parts.push_back(text); };
  if (load.has_durations()) {
    add(fmt::format("durations: functions without {}, in it only {}",
                    Grouped(joins.functions_without_durations),
                    Grouped(joins.functions_in_durations_only)));
    if (joins.bad_durations > 0)
      add(fmt::format("{} unusable {} of durations", Grouped(joins.bad_durations),
                      joins.bad_durations == 1 ? "row" : "rows"));
  } else if (!load.has_executions()) {
    add("no durations");
  }
  if (load.has_memory()) {
    add(fmt::format("memory: applications without {}, in it only {}",
                    Grouped(joins.apps_without_memory), Grouped(joins.apps_in_memory_only)));
  } else if (const auto said = std::count_if(load.apps.begin(), load.apps.end(),
                                             [](const AppLoad& app) { return app.memory_mb > 0; });
             said > 0) {
    add(fmt::format("memory of {} of {} applications, as their executions say",
                    Grouped(static_cast<uint64_t>(said)), Grouped(load.apps.size())));
  } else {
    add("no memory");
  }
  if (load.has_executions()) add(Grouped(load.execution_rows) + " executions one by one");
  return statement;
}

// What a log of executions holds beside what is used; no parts: nothing.
Statement Log(const Workload& load) {
  Statement statement{"log", {}};
  const auto add = [&](uint64_t count, const char* what) {
    if (count > 0) statement.parts.push_back(fmt::format("{} {}", Grouped(count), what));
  };
  const LogCounts& log = load.log;
  add(log.without_duration, "executions without a duration: taken as 0");
  add(log.cold, "met no instance, as the log says");
  add(log.clipped, "began before the data: taken as from their begin");
  add(log.outside, "ended before the data, or lie beyond all times: LEFT OUT");
  add(log.undated, "have no date where others have one: LEFT OUT");
  add(log.in_tables, "are of applications that tables by minute have: LEFT OUT");
  uint64_t starts = 0;
  for (const StartLog& one : load.start_logs) starts += one.starts.size();
  if (starts > 0) {
    statement.parts.push_back(fmt::format("{} cold starts of {} {}", Grouped(starts),
                                          Grouped(load.start_logs.size()),
                                          load.start_logs.size() == 1 ? "function" : "functions"));
    if (load.apps.empty()) statement.parts.emplace_back("no invocations: policies cannot be tried");
  }
  return statement;
}

}  // namespace

std::string MinuteText(const Workload& load, uint32_t minute) {
  if (load.day0 == model::kNoDay) {
    return fmt::format("day {} {:02}:{:02}", minute / 1440 + 1, minute % 1440 / 60, minute % 60);
  }
  const std::chrono::sys_days day{std::chrono::days{load.day0}};
  const std::chrono::sys_seconds at = day + std::chrono::minutes{minute};
  return fmt::format("{:%Y-%m-%d %H:%M}",
                     std::chrono::time_point_cast<std::chrono::system_clock::duration>(at));
}

document::Document DocumentOf(const ReadWorkload& read, std::string title) {
  document::Document document;
  document.title = std::move(title);
  document::Input& input = document.input;
  input.format = fmt::format("{}", fmt::join(read.formats, ", "));
  input.files = read.files;
  input.skipped = read.skipped;
  input.bytes = read.bytes;
  const Workload& load = read.load;
  input.rows = load.rows + load.duration_rows + load.memory_rows + load.execution_rows;
  for (const StartLog& log : load.start_logs) input.rows += log.starts.size();
  if (read.rows > 0) input.rows = read.rows;
  input.by_kind = read.by_kind;
  input.damaged = 0;
  for (const document::DamageCount& kind : read.by_kind) input.damaged += kind.count;
  document.completeness.statements = {Functions(load), Time(load), Tables(load)};
  if (Statement log = Log(load); !log.parts.empty())
    document.completeness.statements.push_back(std::move(log));
  for (const Statement& statement : read.statements)
    document.completeness.statements.push_back(statement);
  if (std::optional<Statement> release = ReleaseStatement(read))
    document.completeness.statements.push_back(std::move(*release));
  document.run.seconds = read.seconds;
  document.interrupted = read.interrupted;
  return document;
}

}  // namespace plumbago::serverless
