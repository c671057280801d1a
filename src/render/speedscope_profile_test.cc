#include "render/speedscope_profile.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "render/test_call_tree.h"

namespace plumbago::render {
namespace {

using nlohmann::json;

// What speedscope's schema asks for, and beyond it what its importer relies on: strictly nested
// events, times that never go back, stacks of known frames.
void CheckProfile(const json& profile, size_t frames) {
  const std::set<std::string> units{"bytes",       "microseconds", "milliseconds",
                                    "nanoseconds", "none",         "seconds"};
  ASSERT_TRUE(profile.at("name").is_string());
  EXPECT_TRUE(units.contains(profile.at("unit").get<std::string>()));
  ASSERT_TRUE(profile.at("startValue").is_number());
  const double end = profile.at("endValue").get<double>();
  if (profile.at("type") == "sampled") {
    EXPECT_EQ(profile.size(), 7u);
    const json& samples = profile.at("samples");
    ASSERT_EQ(samples.size(), profile.at("weights").size());
    double sum = 0;
    for (const json& weight : profile.at("weights")) sum += weight.get<double>();
    EXPECT_NEAR(sum, end, 1e-6 * (1 + end));
    for (const json& sample : samples) {
      EXPECT_FALSE(sample.empty());
      for (const json& frame : sample) EXPECT_LT(frame.get<size_t>(), frames);
    }
    return;
  }
  ASSERT_EQ(profile.at("type"), "evented");
  EXPECT_EQ(profile.size(), 6u);
  std::vector<size_t> open;
  double before = profile.at("startValue").get<double>();
  for (const json& event : profile.at("events")) {
    EXPECT_EQ(event.size(), 3u);
    const size_t frame = event.at("frame").get<size_t>();
    EXPECT_LT(frame, frames);
    EXPECT_GE(event.at("at").get<double>(), before);
    before = event.at("at").get<double>();
    if (event.at("type") == "O") {
      open.push_back(frame);
    } else {
      ASSERT_EQ(event.at("type"), "C");
      ASSERT_FALSE(open.empty());
      EXPECT_EQ(open.back(), frame);
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty());
  EXPECT_LE(before, end);
}

json CheckFile(const std::string& text) {
  json file = json::parse(text);
  EXPECT_EQ(file.at("$schema"), "https://www.speedscope.app/file-format-schema.json");
  for (const auto& [key, value] : file.items()) {
    const std::set<std::string> known{"$schema", "activeProfileIndex", "exporter",
                                      "name",    "profiles",           "shared"};
    EXPECT_TRUE(known.contains(key)) << key;
  }
  const json& frames = file.at("shared").at("frames");
  for (const json& frame : frames) EXPECT_TRUE(frame.at("name").is_string());
  EXPECT_LT(file.at("activeProfileIndex").get<size_t>(), file.at("profiles").size());
  for (const json& profile : file.at("profiles")) CheckProfile(profile, frames.size());
  return file;
}

template <class What>
std::pair<json, SpeedscopeWritten> Write(const What& what) {
  std::string text;
  const auto written =
      WriteSpeedscope(what, {"my file", "plumbago 1"}, [&](std::string_view piece) -> Result<void> {
        text += piece;
        return {};
      });
  EXPECT_TRUE(written);
  return {CheckFile(text), written.value_or(SpeedscopeWritten())};
}

TEST(SpeedscopeProfile, AProfileAnEntryTheLargestFirst) {
  const auto [file, written] = Write(MadeTree());
  EXPECT_EQ(written.profiles, 2u);
  const json& profiles = file.at("profiles");
  EXPECT_EQ(profiles[0].at("name"), "\uFFFDmail: own time");
  EXPECT_EQ(profiles[1].at("name"), "shop GET /a; b 7: own time");
  EXPECT_EQ(profiles[1].at("endValue").dump(), "5002.399");
  EXPECT_EQ(profiles[1].at("weights").dump(), "[2000.4,1.5,0.499,3000]");
  // The same service and operation twice in a stack is one frame.
  EXPECT_EQ(profiles[1].at("samples").dump(), "[[0],[0,1,2],[0,1,3],[0,0]]");
  EXPECT_EQ(file.at("shared").at("frames")[2].at("file"), "base");
}

TEST(SpeedscopeProfile, EntriesBeyondFiftyShareOne) {
  CallTree tree;
  std::vector<std::string> names;
  names.reserve(70);
  for (int i = 0; i < 70; ++i) names.push_back(fmt::format("s{:02}", i));
  for (int i = 0; i < 70; ++i)
    tree.nodes.push_back({kNoNode, names[static_cast<size_t>(i)], "", false, 1000 + i, 1});
  const auto [file, written] = Write(tree);
  EXPECT_EQ(written.profiles, 50u);
  EXPECT_EQ(written.left_out, 21u);
  EXPECT_EQ(file.at("profiles")[0].at("name"), "s69: ");
  EXPECT_EQ(file.at("profiles")[49].at("samples").size(), 21u);
}

TEST(SpeedscopeProfile, ATraceInTimeWithWhatRunsBesideApart) {
  const auto [file, written] = Write(MadeTrace());
  const json& profiles = file.at("profiles");
  ASSERT_EQ(written.profiles, 3u);
  std::vector<std::string> texts;
  for (const json& profile : profiles) {
    std::string text = profile.at("name").get<std::string>() + ":";
    for (const json& event : profile.at("events")) {
      text += fmt::format(" {}{}@{}", event.at("type").get<std::string>(),
                          event.at("frame").get<int>(), event.at("at").dump());
    }
    texts.push_back(text);
  }
  EXPECT_EQ(texts[0], "trace 00000000000000ab: O0@0 O1@10 O2@20 C2@30 C1@50.005 C0@100");
  EXPECT_EQ(texts[1], "beside 1: O3@30 C3@60 O5@90 C5@250");
  EXPECT_EQ(texts[2], "beside 2: O4@40 C4@70");
}

TEST(SpeedscopeProfile, OfMoreThanFiftySideBySideTheFirstAreThere) {
  ProfileTrace trace;
  trace.spans.push_back(MadeSpan(kNoNode, "shop", "GET", 0, 1'000'000));
  for (int i = 0; i < 60; ++i) trace.spans.push_back(MadeSpan(0, "cart", "get", i, 900'000));
  const auto [file, written] = Write(trace);
  EXPECT_EQ(written.profiles, 50u);
  EXPECT_EQ(file.at("profiles").size(), 50u);
  EXPECT_EQ(written.left_out, 10u);
}

}  // namespace
}  // namespace plumbago::render
