// Response time and load on real and on written tables, from files to the report.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/test_files.h"
#include "engine/characterise.h"
#include "formats/csv_mapped/map_file.h"
#include "formats/csv_mapped/mapped_csv.h"

namespace plumbago::engine {
namespace {

const document::Section* SectionOf(const document::Document& document, std::string_view id) {
  for (const document::Section& section : document.sections) {
    if (section.id == id) return &section;
  }
  return nullptr;
}

// A number of the row that is of these two, in whichever table has the column.
std::optional<double> Effect(const document::Document& document, std::string_view outcome,
                             std::string_view predictor, std::string_view column) {
  const document::Section* section = SectionOf(document, "interference");
  if (section == nullptr) return std::nullopt;
  for (const document::Table& table : section->tables) {
    for (const auto& row : table.rows) {
      if (!std::get<std::string>(row[0]).starts_with(outcome) ||
          std::get<std::string>(row[1]) != predictor) {
        continue;
      }
      for (size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].id != column) continue;
        if (const double* number = std::get_if<double>(&row[i])) return *number;
      }
    }
  }
  return std::nullopt;
}

std::optional<document::Document> AnalyseNezha(const std::string& name) {
  const char* folder = std::getenv("PLUMBAGO_DATA");
  const std::string path =
      std::string(folder != nullptr ? folder : "../shared/data") + "/traces/" + name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  const auto map = formats::ReadMap("examples/maps/nezha.toml");
  EXPECT_TRUE(map) << map.error().Text();
  if (!map) return std::nullopt;
  const formats::MappedCsv format(*map);
  const formats::Format* const formats[] = {&format};
  CharacteriseOptions options;
  options.read.inputs = {path};
  options.read.formats = formats;
  options.read.threads = 2;
  options.only = {"load", "interference"};
  auto done = Characterise(options);
  EXPECT_TRUE(done) << done.error().Text();
  if (!done) return std::nullopt;
  return std::move(done->document);
}

#define PLUMBAGO_NEZHA_OR_SKIP(document, name)                                                \
  const auto document = AnalyseNezha(name);                                                   \
  if (!document) {                                                                            \
    const char* ci = std::getenv("CI");                                                       \
    if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no trace data: " << name; \
    GTEST_SKIP() << "no trace data (" << name << "): set PLUMBAGO_DATA";                      \
  }                                                                                           \
  static_assert(true)

constexpr std::string_view kResponse = "response time with callees";

// The figures of statistics.md T1: ranks pooled, and the median within a pod.
TEST(InterferenceData, OnlineBoutiquePooledAndWithinDiffer) {
  PLUMBAGO_NEZHA_OR_SKIP(document, "nezha-onlineboutique-2022-08-22.tar.zst");
  EXPECT_NEAR(Effect(*document, kResponse, "own CPU", "rank_pooled").value_or(-9), 0.67, 0.01);
  // T1 says 0.09: of latencies as they are printed, where 4.6 ms is written in several ways that
  // differ in the 16th digit. As nanoseconds they are equal, and it is 0.059.
  EXPECT_NEAR(Effect(*document, kResponse, "own CPU", "rank_within").value_or(-9), 0.059, 0.005);
  EXPECT_GT(document->input.samples, 40'000u);
}

TEST(InterferenceData, TrainTicketTurnsRoundWithinAPod) {
  PLUMBAGO_NEZHA_OR_SKIP(document, "nezha-trainticket-2023-01-30.tar.zst");
  EXPECT_NEAR(Effect(*document, kResponse, "CPU of the host", "rank_pooled").value_or(9), -0.13,
              0.02);
  EXPECT_NEAR(Effect(*document, kResponse, "CPU of the host", "rank_within").value_or(-9), 0.07,
              0.03);
  // Memory within a pod varies by 1 %: it cannot show an effect.
  EXPECT_NEAR(Effect(*document, kResponse, "own memory", "variation").value_or(-9), 0.010, 0.002);
  EXPECT_FALSE(Effect(*document, "own time", "own memory", "per_ten_points"));
  const document::Section* section = SectionOf(*document, "interference");
  ASSERT_NE(section, nullptr);
  ASSERT_EQ(section->findings.size(), 1u);
  EXPECT_EQ(section->findings[0].verdict, document::Verdict::kCannotSay);
  EXPECT_FALSE(section->findings[0].reason.empty());
}

// A folder with calls and tables of resources of one system just works.
TEST(InterferenceData, CallsAndTablesOfOneFolder) {
  const TemporaryFolder folder;
  std::string calls =
      "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,dm,dminstanceid,rt\n";
  std::string resources =
      "timestamp,msname,msinstanceid,nodeid,cpu_utilization,memory_utilization\n";
  std::string nodes = "timestamp,nodeid,cpu_utilization,memory_utilization\n";
  for (int minute = 0; minute < 60; ++minute) {
    for (int node = 0; node < 10; ++node) {
      const double cpu = 0.2 + 0.01 * ((minute * 7 + node * 11) % 50);
      const double memory = 0.3 + 0.01 * ((minute * 3 + node * 5) % 30);
      nodes += fmt::format("{},NODE_{},{},{}\n", minute * 60'000, node, cpu, memory);
      resources +=
          fmt::format("{},MS_1,MS_1_POD_{},NODE_{},0.5,0.5\n", minute * 60'000, node, node);
      calls += fmt::format("{},T_{},S_1,0,http,USER,USER,api,MS_1,MS_1_POD_{},{:.1f}\n",
                           minute * 60'000 + 500, minute * 100 + node + 1, node, 100 * (1 + cpu));
    }
  }
  folder.Write("calls.csv", calls);
  folder.Write("resources.csv", resources);
  folder.Write("nodes.csv", nodes);
  CharacteriseOptions options;
  options.read.inputs = {folder.path()};
  options.read.threads = 2;
  const auto done = Characterise(options);
  ASSERT_TRUE(done) << done.error().Text();
  EXPECT_EQ(done->document.input.samples, 60u * 10 * 4);
  EXPECT_EQ(done->document.traces.read, 600u);
  const auto effect = Effect(done->document, "own time", "CPU of the host", "per_ten_points");
  // Of the mean: 10 points of 1 + 0.445.
  EXPECT_NEAR(effect.value_or(-9), 0.1 / 1.445, 0.005);
  const document::Section* section = SectionOf(done->document, "interference");
  ASSERT_NE(section, nullptr);
  EXPECT_EQ(section->findings.at(0).verdict, document::Verdict::kSupported)
      << section->findings[0].reason;
  const document::Section* load = SectionOf(done->document, "load");
  ASSERT_NE(load, nullptr);
  EXPECT_EQ(load->headline.at(3).value, 10);  // hosts
}

}  // namespace
}  // namespace plumbago::engine
