#include "engine/characterise.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/test_files.h"
#include "engine/completeness_section.h"
#include "engine/saved_state.h"

namespace plumbago::engine {
namespace {

using Values = std::map<std::string, std::optional<double>>;

// Three traces: undamaged, a lost caller, and different calls under one id.
const char* const kRows =
    "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n"
    "0b000000159192360000000000aa01,5,0,,http,a,i,-9\n"
    "0b000000159192360000000000aa01,6,0.1,a,rpc,b,j,4\n"
    "0b000000159192360000000000aa01,7,0.1,a,rpc,b,j,-3\n"
    "0b000000159192360000000000aa02,5,0,,http,a,i,-9\n"
    "0b000000159192360000000000aa02,7,0.1.1,b,mc,c,,1\n"
    "0b000000159192360000000000aa02,8,0.1.2,b,mc,d,,1\n"
    "0b000000159192360000000000aa03,5,0,,http,a,i,-9\n"
    "0b000000159192360000000000aa03,6,0.1,a,mc,b,,1\n"
    "0b000000159192360000000000aa03,8,0.1,a,mc,c,,1\n";

document::Document Analyse(graph::RepairMode mode) {
  const std::string path = testing::TempDir() + "characterise-" + std::to_string(getpid()) + ".csv";
  std::ofstream(path) << kRows;
  CharacteriseOptions options;
  options.read.inputs = {path};
  options.read.threads = 2;
  options.mode = mode;
  auto done = Characterise(options);
  std::filesystem::remove(path);
  EXPECT_TRUE(done) << done.error().Text();
  return done ? std::move(done->document) : document::Document{};
}

Values Of(const document::Document& document, std::optional<double> document::Headline::* field) {
  Values values;
  for (const document::Section& section : document.sections) {
    if (section.id == kCompletenessDescription.id) continue;
    for (const document::Headline& h : section.headline)
      values[section.id + "." + h.name] = h.*field;
  }
  return values;
}

// Rule T3: what stands beside a headline is what a run in that mode says.
TEST(Characterise, VariantsAreTheRunsOfTheirModes) {
  using document::Headline;
  using graph::RepairMode;
  const Values none = Of(Analyse(RepairMode::kNone), &Headline::value);
  const Values accurate = Of(Analyse(RepairMode::kAccurate), &Headline::value);
  const Values rebuild = Of(Analyse(RepairMode::kRebuild), &Headline::value);
  ASSERT_NE(none, accurate);
  ASSERT_NE(accurate, rebuild);
  ASSERT_NE(none, rebuild);
  for (const RepairMode mode : {RepairMode::kNone, RepairMode::kAccurate, RepairMode::kRpcid,
                                RepairMode::kPartial, RepairMode::kRebuild}) {
    const document::Document document = Analyse(mode);
    EXPECT_EQ(Of(document, &Headline::none), none) << graph::RepairModeName(mode);
    EXPECT_EQ(Of(document, &Headline::accurate), accurate) << graph::RepairModeName(mode);
    EXPECT_EQ(Of(document, &Headline::rebuild), rebuild) << graph::RepairModeName(mode);
  }
}

TEST(Characterise, EveryTraceIsCompleteRepairedOrDropped) {
  const document::Traces rebuilt = Analyse(graph::RepairMode::kRebuild).traces;
  EXPECT_EQ(rebuilt.read, 3u);
  EXPECT_EQ(rebuilt.complete, 1u);
  EXPECT_EQ(rebuilt.repaired, 2u);
  const document::Traces accurate = Analyse(graph::RepairMode::kAccurate).traces;
  EXPECT_EQ(accurate.complete, 1u);
  EXPECT_EQ(accurate.dropped, 2u);
}

// However often it is met: in a folder, in the state that a run goes on with, in states of the same
// folder.
TEST(Characterise, ASkippedFileIsListedOnce) {
  const TemporaryFolder folder;
  folder.Write("day/rows.csv", kRows);
  folder.Write("day/b.txt", "notes");
  folder.Write("day/a.txt", "notes");
  CharacteriseOptions options;
  const auto skipped = [&]() -> std::vector<std::string> {
    const auto done = Characterise(options);
    EXPECT_TRUE(done) << done.error().Text();
    return done ? done->document.input.skipped : std::vector<std::string>{};
  };
  const auto saved = [&]() -> std::vector<std::string> {
    const auto state = SavedState::Open(options.save);
    EXPECT_TRUE(state) << state.error().Text();
    return state ? (*state)->head().skipped : std::vector<std::string>{};
  };
  options.read.inputs = {folder.Path("day")};
  options.save = folder.Path("one.plumb");
  const std::vector<std::string> once = skipped();
  ASSERT_EQ(once.size(), 2u);
  EXPECT_LT(once[0], once[1]);
  EXPECT_EQ(saved(), once);

  options.resume = true;
  EXPECT_EQ(skipped(), once) << "gone on with";
  EXPECT_EQ(saved(), once);

  options.resume = false;
  options.save = folder.Path("two.plumb");
  EXPECT_EQ(skipped(), once);
  options.read.inputs = {folder.Path("one.plumb"), folder.Path("two.plumb")};
  options.save = folder.Path("both.plumb");
  EXPECT_EQ(skipped(), once) << "merged";
  EXPECT_EQ(saved(), once);
}

}  // namespace
}  // namespace plumbago::engine
