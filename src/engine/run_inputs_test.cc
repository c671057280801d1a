#include "engine/run_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/test_files.h"
#include "engine/characterise.h"

namespace plumbago::engine {
namespace {

using graph::RepairMode;

class RunInputsTest : public testing::Test {
 protected:
  TemporaryFolder folder_;

  std::string Csv(const char* name = "rows.csv") {
    return folder_.Write(name,
                         "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n"
                         "0b000000159192360000000000aa01,5,0,,http,a,i,-9\n");
  }
  std::string State(const std::string& name, RepairMode mode = RepairMode::kRebuild,
                    std::vector<std::string> only = {}) {
    CharacteriseOptions options;
    options.read.inputs = {Csv()};
    options.mode = mode;
    options.only = std::move(only);
    options.save = folder_.Path(name);
    EXPECT_TRUE(Characterise(options));
    return options.save;
  }
  RunInputs Find(const std::vector<std::string>& inputs) {
    auto found = FindRunInputs(inputs);
    EXPECT_TRUE(found) << found.error().Text();
    return found ? std::move(*found) : RunInputs{};
  }
  static std::vector<std::string> Paths(const RunInputs& inputs) {
    std::vector<std::string> paths;
    for (const auto& state : inputs.states) paths.push_back(state->path());
    return paths;
  }
  static std::string ModeText(const RunInputs& inputs, std::optional<RepairMode> wanted) {
    const auto mode = ModeOf(inputs, wanted);
    return mode ? graph::RepairModeName(*mode) : "refused: " + mode.error().message;
  }
};

using Strings = std::vector<std::string>;

TEST_F(RunInputsTest, TellsStatesFromTraces) {
  const std::string csv = Csv(), state = State("b.plumb"), odd = State("kept.state");
  const RunInputs inputs = Find({csv, state, odd, "-"});
  EXPECT_EQ(inputs.traces, (Strings{csv, "-"}));
  EXPECT_EQ(Paths(inputs), (Strings{state, odd})) << "by path, whatever they are called";
}

TEST_F(RunInputsTest, LooksIntoFoldersAndGlobs) {
  const TemporaryFolder other;
  const std::string state = State("one.plumb");
  const std::string csv = folder_.Path("rows.csv");
  folder_.Write("no.plumb", "this is none");
  std::filesystem::copy_file(state, folder_.Path("unmarked"));
  const RunInputs inputs = Find({folder_.path()});
  EXPECT_EQ(Paths(inputs), Strings{state}) << "in a folder by its name";
  EXPECT_EQ(std::count(inputs.traces.begin(), inputs.traces.end(), csv), 1);
  const RunInputs globbed = Find({folder_.Path("*.plumb")});
  EXPECT_EQ(Paths(globbed), Strings{state});
  EXPECT_EQ(globbed.traces, Strings{folder_.Path("no.plumb")});
}

TEST_F(RunInputsTest, TakesAStateOnce) {
  const std::string state = State("one.plumb");
  EXPECT_EQ(Paths(Find({state, state, folder_.Path("*.plumb")})), Strings{state});
}

TEST_F(RunInputsTest, RefusesAStateThatIsDamaged) {
  const std::string state = State("one.plumb");
  std::string bytes = FileText(state);
  bytes.resize(bytes.size() - 3);
  const auto inputs = FindRunInputs({folder_.Write("cut.plumb", bytes)});
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error().kind, ErrorKind::kBadInput);
}

TEST_F(RunInputsTest, ModeIsThatOfTheStates) {
  EXPECT_EQ(ModeText({}, {}), "rebuild");
  EXPECT_EQ(ModeText({}, RepairMode::kNone), "none");
  const std::string none = State("none.plumb", RepairMode::kNone);
  const std::string partial = State("partial.plumb", RepairMode::kPartial);
  EXPECT_EQ(ModeText(Find({none}), {}), "none");
  EXPECT_EQ(ModeText(Find({none}), RepairMode::kRebuild), "rebuild") << "each state holds it";
  EXPECT_EQ(ModeText(Find({none}), RepairMode::kAccurate), "accurate");
  EXPECT_EQ(ModeText(Find({partial}), {}), "partial");
  EXPECT_EQ(ModeText(Find({partial}), RepairMode::kPartial), "partial");
  EXPECT_EQ(ModeText(Find({partial}), RepairMode::kNone), "none");
  EXPECT_EQ(ModeText(Find({none}), RepairMode::kPartial).rfind("refused: ", 0), 0u);
  EXPECT_EQ(ModeText(Find({none, partial}), {}).rfind("refused: ", 0), 0u) << "they disagree";
  EXPECT_EQ(ModeText(Find({none, partial}), RepairMode::kNone), "none");
  EXPECT_EQ(ModeText(Find({none, partial}), RepairMode::kPartial).rfind("refused: ", 0), 0u);
}

TEST_F(RunInputsTest, AnalysesAreThoseOfTheStates) {
  const auto ids = [&](const std::vector<std::string>& paths) {
    Strings all;
    const RunInputs inputs = Find(paths);
    const auto held = HeldAnalyses(inputs);
    EXPECT_TRUE(held);
    for (const analysis::AnyAnalysis* a : *held) all.emplace_back(a->description->id);
    return all;
  };
  const std::string full = State("full.plumb");
  const std::string some = State("some.plumb", RepairMode::kRebuild, {"shape", "scale"});
  EXPECT_EQ(ids({}), ids({full})) << "all that there are";
  EXPECT_EQ(ids({some}), (Strings{"scale", "shape", "edge-times"}));
  const RunInputs both = Find({full, some});
  const auto held = HeldAnalyses(both);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().kind, ErrorKind::kUsage);
}

TEST_F(RunInputsTest, WhatAStateLacksIsRefused) {
  CharacteriseOptions options;
  options.read.inputs = {State("some.plumb", RepairMode::kRebuild, {"shape"})};
  options.only = {"scale"};
  const auto done = Characterise(options);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kUsage);
  EXPECT_NE(done.error().message.find("without the analysis scale"), std::string::npos);
  options.only = {"shape"};
  EXPECT_TRUE(Characterise(options));
}

}  // namespace
}  // namespace plumbago::engine
