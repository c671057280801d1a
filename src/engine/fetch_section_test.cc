#include "engine/fetch_section.h"

#include <gtest/gtest.h>

namespace plumbago::engine {
namespace {

formats::FetchReport Whole() {
  formats::FetchReport report;
  report.source = "tempo=http://host:3200";
  report.dialect = "Tempo /api/v2";
  report.version = "3.0.0";
  report.from_ns = 1'700'000'000'000'000'000;
  report.until_ns = 1'700'003'600'000'000'000;
  report.windows = 3;
  report.traces_listed = report.traces_fetched = 5;
  report.spans = 20;
  return report;
}

std::string Note(const document::Table& table, std::string_view what, int64_t count) {
  for (const auto& row : table.rows) {
    if (std::get<std::string>(row[1]) != what) continue;
    EXPECT_EQ(std::get<int64_t>(row[2]), count) << what;
    return std::holds_alternative<std::string>(row[3]) ? std::get<std::string>(row[3]) : "";
  }
  return "<no such row>";
}

TEST(FetchSectionTest, AllCame) {
  const formats::FetchReport reports[] = {Whole()};
  EXPECT_EQ(IncompleteText(reports, 0), "");
  document::Section section;
  AddFetch({}, section);
  EXPECT_TRUE(section.tables.empty()) << "no server, no table";
  AddFetch(reports, section);
  ASSERT_EQ(section.tables.size(), 1u);
  const document::Table& table = section.tables[0];
  EXPECT_EQ(table.id, "fetch");
  EXPECT_EQ(std::get<std::string>(table.rows[0][3]), "Tempo /api/v2, version 3.0.0");
  EXPECT_EQ(std::get<std::string>(table.rows[1][3]),
            "2023-11-14 22:13:20.000 UTC to 2023-11-14 23:13:20.000 UTC");
  Note(table, "spans_fetched", 20);
  EXPECT_EQ(Note(table, "traces_missing", 0), "<no such row>");
}

TEST(FetchSectionTest, WhatIsMissingComesFirst) {
  formats::FetchReport report = Whole();
  report.windows_saturated = 7;
  for (int64_t i = 0; i < 7; ++i)
    report.saturated.push_back({i * 1'000'000'000, (i + 1) * 1'000'000'000, "a"});
  report.failed[503] = 2;
  report.failed[0] = 1;
  report.first_failure = "status 503: busy";
  report.traces_partial = 1;
  report.traces_too_large = 1;
  const formats::FetchReport reports[] = {Whole(), report};
  EXPECT_EQ(report.NotFetched(), 12u);
  EXPECT_EQ(IncompleteText(reports, 12),
            "INCOMPLETE: 7 windows still full, 3 requests failed, 1 trace in part, 1 trace too "
            "large");
  EXPECT_EQ(IncompleteText({}, 2), "INCOMPLETE: 2 parts not fetched by earlier runs");
  document::Section section;
  AddFetch(std::span(reports).subspan(1), section);
  const document::Table& table = section.tables.at(0);
  EXPECT_EQ(std::get<std::string>(table.rows[0][1]), "windows_saturated");
  const std::string windows = Note(table, "windows_saturated", 7);
  EXPECT_TRUE(
      windows.starts_with("1970-01-01 00:00:00.000 UTC to 1970-01-01 00:00:01.000 UTC (a)"));
  EXPECT_TRUE(windows.ends_with("; and 2 more")) << windows;
  EXPECT_EQ(Note(table, "requests_failed", 1), "no whole answer; the first: status 503: busy");
}

}  // namespace
}  // namespace plumbago::engine
