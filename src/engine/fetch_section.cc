#include "engine/fetch_section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <utility>
#include <vector>

namespace plumbago::engine {
namespace {

using document::Cell;
using document::Unit;
using formats::FetchReport;

// "2026-11-23 10:00:00.000 UTC"
std::string MomentText(int64_t ns) {
  const std::chrono::sys_time<std::chrono::milliseconds> moment{
      std::chrono::milliseconds(ns / 1'000'000)};
  const auto days = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss time(moment - days);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03} UTC", int(date.year()),
                     unsigned(date.month()), unsigned(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::string SaturatedText(const FetchReport& report) {
  constexpr size_t kNamed = 5;
  std::string text;
  for (size_t i = 0; i < std::min(kNamed, report.saturated.size()); ++i) {
    const formats::FetchWindow& window = report.saturated[i];
    text += fmt::format("{}{} to {}{}", i > 0 ? "; " : "", MomentText(window.from_ns),
                        MomentText(window.until_ns),
                        window.service.empty() ? "" : " (" + window.service + ")");
  }
  if (report.windows_saturated > kNamed)
    text += fmt::format("; and {} more", report.windows_saturated - kNamed);
  return text;
}

std::string StatusText(int status) {
  return status == 0 ? "no whole answer" : fmt::format("HTTP status {}", status);
}

void AddRows(const FetchReport& report, document::Table& table) {
  const auto add = [&](const char* what, uint64_t count, std::string note = "") {
    table.rows.push_back({report.source, std::string(what), static_cast<int64_t>(count),
                          note.empty() ? Cell() : Cell(std::move(note))});
  };
  // What is missing comes first.
  const auto add_some = [&](const char* what, uint64_t count, std::string note = "") {
    if (count > 0) add(what, count, std::move(note));
  };
  add_some("windows_saturated", report.windows_saturated, SaturatedText(report));
  for (const auto& [status, count] : report.failed) {
    add("requests_failed", count, StatusText(status) + "; the first: " + report.first_failure);
  }
  const std::string stopped =
      report.budget_spent ? "the byte budget (--fetch-bytes) was spent" : "the server was given up";
  add_some("windows_not_asked", report.windows_not_asked, stopped);
  add_some("traces_not_asked", report.traces_not_asked, stopped);
  add_some("traces_missing", report.traces_missing, "listed, and not there when asked for");
  add_some("traces_partial", report.traces_partial,
           "the server says so, or they hold fewer spans than it lists");
  add_some("traces_too_large", report.traces_too_large,
           "refused by the server, or beyond what "
           "one answer may hold here");
  table.rows.push_back({report.source, std::string("dialect"), Cell(),
                        report.dialect + (report.version.empty() ? ", version not told"
                                                                 : ", version " + report.version)});
  table.rows.push_back({report.source, std::string("asked_for"), Cell(),
                        MomentText(report.from_ns) + " to " + MomentText(report.until_ns)});
  if (!report.services.empty()) {
    constexpr size_t kNamed = 10;
    std::vector<std::string> named = report.services;
    if (named.size() > kNamed) named.resize(kNamed);
    add("services", report.services.size(),
        fmt::format("{}{}", fmt::join(named, ", "),
                    report.services.size() > kNamed ? ", ..." : ""));
  }
  add("windows_asked", report.windows, "halves of a full one count beside it");
  add("traces_listed", report.traces_listed);
  add("traces_fetched", report.traces_fetched);
  add("spans_fetched", report.spans);
  add_some("traces_again", report.copies, "from another window or service; left out");
  add_some("traces_grown", report.grown, "came again with more spans; taken again");
  add_some("possibly_open", report.possibly_open,
           "had a span less than a minute before they were asked for, and may still grow");
  add_some("at_edges", report.at_edges,
           "reach beyond the window; others like them were not listed");
  add("requests", report.requests);
  add_some("retries", report.retries);
  add("bytes", report.bytes, "of answers, unpacked");
  if (!report.clamped.empty()) {
    add("parameters_clamped", report.clamped.size(),
        fmt::format("{}", fmt::join(report.clamped, "; ")));
  }
}

}  // namespace

void AddFetch(std::span<const FetchReport> reports, document::Section& section) {
  if (reports.empty()) return;
  document::Table table{"fetch",
                        "What servers were asked, and what came",
                        {{"source", "source", Unit::kNone, "the server"},
                         {"what", "what", Unit::kNone, "what is counted; what is missing first"},
                         {"count", "count", Unit::kCount, "how many"},
                         {"note", "note", Unit::kNone, "which, or why"}},
                        {},
                        false};
  for (const FetchReport& report : reports) AddRows(report, table);
  section.tables.insert(section.tables.begin(), std::move(table));
}

std::string IncompleteText(std::span<const FetchReport> reports, uint64_t not_fetched) {
  uint64_t saturated = 0, failed = 0, windows = 0, missing = 0, partial = 0, too_large = 0,
           not_asked = 0, all = 0;
  for (const FetchReport& report : reports) {
    saturated += report.windows_saturated;
    for (const auto& [status, count] : report.failed) failed += count;
    windows += report.windows_not_asked;
    missing += report.traces_missing;
    partial += report.traces_partial;
    too_large += report.traces_too_large;
    not_asked += report.traces_not_asked;
    all += report.NotFetched();
  }
  not_fetched = std::max(not_fetched, all);
  if (not_fetched == 0) return "";
  std::vector<std::string> parts;
  const auto add = [&](uint64_t count, const char* one, const char* many) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, count == 1 ? one : many));
  };
  add(saturated, "window still full", "windows still full");
  add(failed, "request failed", "requests failed");
  add(windows, "window not asked for", "windows not asked for");
  add(missing, "trace missing", "traces missing");
  add(partial, "trace in part", "traces in part");
  add(too_large, "trace too large", "traces too large");
  add(not_asked, "trace not asked for", "traces not asked for");
  add(not_fetched - all, "part not fetched by an earlier run", "parts not fetched by earlier runs");
  return fmt::format("INCOMPLETE: {}", fmt::join(parts, ", "));
}

}  // namespace plumbago::engine
