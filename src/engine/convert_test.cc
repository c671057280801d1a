#include "engine/convert.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "formats/format.h"

namespace plumbago::engine {
namespace {

namespace fs = std::filesystem;

class Convert2021 : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "convert-" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Save(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    return path;
  }
  static std::string Load(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  static uint64_t CountRows(const std::string& path) {
    const std::string text = Load(path);
    return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')) - 1;
  }
  // Converts `input` and gives the output's text.
  std::string Run(const std::string& input, std::optional<graph::RepairMode> mode,
                  const char* to = nullptr, const std::string& log = "") {
    ConvertOptions options;
    options.read.inputs = {input};
    options.read.threads = 2;
    options.repair = mode;
    std::unique_ptr<OutputFile> log_file;
    if (!log.empty()) log_file = std::move(*OutputFile::Open(log));
    options.repair_log = log_file.get();
    if (to != nullptr) options.to = *formats::FindFormat(to);
    const std::string path = folder_ + "/out.csv";
    auto out = OutputFile::Open(path);
    const auto done = Convert(options, **out);
    EXPECT_TRUE(done) << done.error().Text();
    EXPECT_TRUE((*out)->Commit());
    if (log_file) {
      EXPECT_TRUE(log_file->Commit());
    }
    EXPECT_EQ(done->rows_read, CountRows(input));
    return Load(path);
  }

  std::string folder_;
};

const char* const kHeader = "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n";
const char* const kTrace =
    "0b000000159192360000000000aa01,5,0,,http,a,i,-9\n"
    "0b000000159192360000000000aa01,6,0.1,a,rpc,b,j,4\n"
    "0b000000159192360000000000aa01,7,0.1,a,rpc,b,j,-3\n"
    "0b000000159192360000000000aa01,8,0.1.1,b,mc,c,,1\n";

TEST_F(Convert2021, KeepsUndamagedRowsAsTheyAre) {
  const std::string text = std::string(kHeader) + kTrace;
  const std::string input = Save("in.csv", text);
  EXPECT_EQ(Run(input, std::nullopt), text);
  EXPECT_EQ(Run(input, graph::RepairMode::kRebuild), text);
  EXPECT_EQ(Run(input, graph::RepairMode::kAccurate), text);
}

TEST_F(Convert2021, KeepsTheOrderOfALargeFile) {
  std::string text = kHeader;
  for (int i = 0; i < 60000; ++i) {
    text += "0b0000001591923600000" + std::to_string(100000000 + i) + "," + std::to_string(i) +
            ",0,,http,a" + std::to_string(i % 97) + ",i,-1\n";
  }
  EXPECT_EQ(Run(Save("in.csv", text), std::nullopt), text);
}

TEST_F(Convert2021, WritesARowForALostCallerAndLogsIt) {
  const std::string input =
      Save("in.csv", std::string(kHeader) +
                         "0b000000159192360000000000aa01,5,0,(?),http,a,i,-9\n"
                         "0b000000159192360000000000aa01,7,0.1.1,b,mc,c,,1\n"
                         "0b000000159192360000000000aa01,8,0.1.2,b,mc,d,,1\n");
  const std::string log = folder_ + "/log.csv";
  const std::string out = Run(input, graph::RepairMode::kRebuild, nullptr, log);
  EXPECT_NE(out.find(",0.1,a,UNKNOWN,b,"), std::string::npos) << out;
  const std::string lines = Load(log);
  EXPECT_EQ(lines.substr(0, lines.find('\n')),
            "row,traceid,written,repaired,parent_row,confidence,action");
  EXPECT_NE(lines.find("\n1,0b000000159192360000000000aa01,0,0,,"), std::string::npos) << lines;
  EXPECT_NE(lines.find("\n2,0b000000159192360000000000aa01,0.1.1,0.1.1,inserted,"),
            std::string::npos)
      << lines;
  EXPECT_NE(lines.find("\n3,0b000000159192360000000000aa01,0.1.2,0.1.2,inserted,"),
            std::string::npos)
      << lines;
  // What was repaired reads back undamaged.
  EXPECT_EQ(Run(Save("again.csv", out), graph::RepairMode::kAccurate), out);
}

TEST_F(Convert2021, GivesSplitCallsIdsThatReadBack) {
  const std::string input =
      Save("in.csv", std::string(kHeader) +
                         "0b000000159192360000000000aa01,5,0,(?),http,a,i,-9\n"
                         "0b000000159192360000000000aa01,6,0.1,a,mc,b,,1\n"
                         "0b000000159192360000000000aa01,8,0.1,a,mc,c,,1\n");
  const std::string out = Run(input, graph::RepairMode::kRebuild);
  EXPECT_NE(out.find(",0.1-b-0,a,mc,b,"), std::string::npos) << out;
  EXPECT_NE(out.find(",0.1-c-0,a,mc,c,"), std::string::npos) << out;
  EXPECT_EQ(Run(Save("again.csv", out), graph::RepairMode::kAccurate), out);
}

TEST_F(Convert2021, GoesToTheOtherReleaseAndBack) {
  const std::string text = std::string(kHeader) + kTrace;
  const std::string other = Run(Save("in.csv", text), std::nullopt, "alibaba-2022");
  EXPECT_NE(other.find(",0.1,rpc,a,"), std::string::npos) << other;
  const std::string back = Run(Save("other.csv", other), std::nullopt, "alibaba-2021");
  EXPECT_NE(back.find(",0.1,a,rpc,b,j,"), std::string::npos) << back;
}

// Spans that stand in one line are written by what they say, whatever their order there.
TEST_F(Convert2021, SpansOfOneLineComeOutInTheirOwnOrder) {
  const auto line = [](bool turned) {
    std::string spans;
    for (int i = 0; i < 40; ++i) {
      const int at = turned ? 39 - i : i;
      spans += fmt::format(
          R"({}{{"traceId":"0000000000000000000000000000000a","spanId":"{:016x}","name":"op","startTimeUnixNano":"{}","endTimeUnixNano":"{}"}})",
          i == 0 ? "" : ",", at + 1, 1'000'000'000 + at % 7 * 1'000, 2'000'000'000);
    }
    return R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},"scopeSpans":[{"spans":[)" +
           spans + "]}]}]}\n";
  };
  std::string written[2];
  for (const bool turned : {false, true}) {
    ConvertOptions options;
    options.read.inputs = {Save("spans.jsonl", line(turned))};
    options.read.threads = 2;
    options.to = *formats::FindFormat("jaeger");
    const std::string path = folder_ + "/out.json";
    auto out = OutputFile::Open(path);
    ASSERT_TRUE(Convert(options, **out));
    ASSERT_TRUE((*out)->Commit());
    written[turned] = Load(path);
  }
  EXPECT_EQ(written[0], written[1]);
  // The second began later than the eighth.
  EXPECT_LT(written[0].find("\"spanID\":\"0000000000000008\""),
            written[0].find("\"spanID\":\"0000000000000002\""));
  const size_t trace = written[0].find("\"processes\"");
  EXPECT_NE(trace, std::string::npos);
  EXPECT_EQ(written[0].find("\"processes\"", trace + 1), std::string::npos);  // one trace, whole
}

}  // namespace
}  // namespace plumbago::engine
