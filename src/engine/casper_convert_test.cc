// casper-exact against CASPER itself: every mode on every sample with an oracle.
#include "engine/casper_convert.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/archive.h"
#include "graph/casper/casper_trace.h"

namespace plumbago::engine {
namespace {

using IdsByTrace = std::map<std::string, std::vector<std::string>>;

std::string DataFolder() {
  const char* folder = std::getenv("PLUMBAGO_DATA");
  return std::string(folder == nullptr ? "../shared/data" : folder) + "/alibaba/";
}

std::string ReadAll(const std::string& path) {
  auto archive = Archive::Open(path);
  std::string text;
  if (!archive || !(*archive)->Next()) return text;
  char buffer[65536];
  for (;;) {
    const auto size = (*archive)->Read(buffer, sizeof buffer);
    if (!size || *size == 0) return text;
    text.append(buffer, *size);
  }
}

// The ids that a converted file holds, as a sorted list a trace.
IdsByTrace IdsOf(const std::string& path) {
  IdsByTrace ids;
  std::ifstream file(path);
  std::string line;
  size_t trace = 0;
  size_t id = 0;
  for (bool header = true; std::getline(file, line); header = false) {
    std::vector<std::string> cells{""};
    for (const char c : line) {
      if (c == ',')
        cells.emplace_back();
      else
        cells.back() += c;
    }
    if (header) {
      for (size_t i = 0; i < cells.size(); ++i) {
        if (cells[i] == "traceid") trace = i;
        if (cells[i] == "rpcid" || cells[i] == "rpc_id") id = i;
      }
    } else {
      ids[cells[trace]].push_back(cells[id]);
    }
  }
  for (auto& [name, list] : ids) std::sort(list.begin(), list.end());
  return ids;
}

struct OracleCase {
  const char* sample;
  const char* mode;
  const char* oracle_mode;
};

class CasperOracle : public testing::TestWithParam<OracleCase> {};

TEST_P(CasperOracle, GivesTheSameIds) {
  const OracleCase& c = GetParam();
  const std::string sample = DataFolder() + c.sample;
  if (!std::filesystem::exists(sample + ".csv.zst")) {
    if (std::getenv("CI") != nullptr) FAIL() << "no data at " << DataFolder();
    GTEST_SKIP() << "no data at " << DataFolder() << " (set PLUMBAGO_DATA)";
  }
  const std::string out_path =
      testing::TempDir() + "casper-" + c.sample + "-" + c.oracle_mode + ".csv";
  auto out = OutputFile::Open(out_path);
  ASSERT_TRUE(out);
  const auto mode = ParseCasperMode(c.mode);
  ASSERT_TRUE(mode);
  const auto done = ConvertLikeCasper(sample + ".csv.zst", *mode, nullptr, **out);
  ASSERT_TRUE(done) << done.error().Text();
  ASSERT_TRUE((*out)->Commit());
  IdsByTrace got = IdsOf(out_path);
  std::filesystem::remove(out_path);

  const auto oracle = nlohmann::json::parse(ReadAll(sample + ".casper-oracle.json.zst"));
  std::set<std::string> crashed;
  if (oracle.contains("crashed")) {
    for (const auto& [trace, why] : oracle["crashed"].items()) crashed.insert(trace);
  }
  IdsByTrace want;
  for (const auto& [trace, ids] : oracle["modes"][c.oracle_mode]["rpcids"].items()) {
    want[trace] = ids.get<std::vector<std::string>>();
    std::sort(want[trace].begin(), want[trace].end());
  }
  ASSERT_GT(want.size(), 1u);
  for (const auto& [trace, ids] : want) {
    if (crashed.contains(trace)) continue;
    EXPECT_EQ(got[trace], ids) << trace;
  }
  for (const auto& [trace, ids] : got) {
    if (crashed.contains(trace)) continue;
    EXPECT_EQ(want[trace], ids) << trace;
  }
}

std::vector<OracleCase> AllCases() {
  std::vector<OracleCase> cases;
  for (const char* sample :
       {"2021-MSCallGraph-casper-shuffled", "2021-MSCallGraph_0-head",
        "2022-CallGraph-casper-shuffled", "gen-2021-damaged", "gen-2022-damaged"}) {
    cases.push_back({sample, "casper-exact:accurate", "naive-accurate"});
    cases.push_back({sample, "casper-exact:rpcid", "naive-rpcid"});
    cases.push_back({sample, "casper-exact:partial", "partial"});
    cases.push_back({sample, "casper-exact", "rebuild"});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Samples, CasperOracle, testing::ValuesIn(AllCases()),
                         [](const auto& test) {
                           std::string name =
                               std::string(test.param.sample) + "_" + test.param.oracle_mode;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
                               '_');
                           return name;
                         });

TEST(CasperMode, IsReadFromText) {
  EXPECT_EQ(ParseCasperMode("casper-exact"), CasperMode::kRebuild);
  EXPECT_EQ(ParseCasperMode("casper-exact:partial"), CasperMode::kPartial);
  EXPECT_FALSE(ParseCasperMode("casper-exact:none"));
  EXPECT_FALSE(ParseCasperMode("casper"));
}

}  // namespace
}  // namespace plumbago::engine
