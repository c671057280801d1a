#include "render/chrome_trace.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "render/test_call_tree.h"

namespace plumbago::render {
namespace {

using nlohmann::json;

json Write(std::span<const ProfileTrace> traces, uint64_t spans, uint64_t untimed) {
  std::string text;
  const auto written = WriteChromeTrace(traces, [&](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  });
  EXPECT_TRUE(written);
  EXPECT_EQ(written->spans, spans);
  EXPECT_EQ(written->untimed, untimed);
  return json::parse(text);
}

TEST(ChromeTrace, AProcessAServiceNestedOnItsThreads) {
  const ProfileTrace traces[] = {MadeTrace(), MadeTrace()};
  const json file = Write(traces, 12, 2);
  std::map<int, std::string> processes;
  std::map<std::pair<int, int>, std::vector<std::pair<double, double>>> open;
  std::map<int, std::vector<json>> flows;
  int spans = 0;
  for (const json& event : file.at("traceEvents")) {
    const std::string phase = event.at("ph");
    const int pid = event.at("pid");
    if (phase == "M") {
      if (event.at("name") == "process_name") processes[pid] = event.at("args").at("name");
      continue;
    }
    ASSERT_TRUE(processes.contains(pid));
    const double start = event.at("ts");
    if (phase == "s" || phase == "f") {
      flows[event.at("id")].push_back(event);
      continue;
    }
    ASSERT_EQ(phase, "X");
    const double end = start + event.at("dur").get<double>();
    auto& stack = open[{pid, event.at("tid")}];
    while (!stack.empty() && stack.back().second <= start + 1e-9) stack.pop_back();
    if (!stack.empty()) {
      EXPECT_LE(end, stack.back().second + 1e-9);
    }
    stack.emplace_back(start, end);
    if (processes[pid] != "traces") {
      ++spans;
      EXPECT_EQ(event.at("args").at("trace"), "00000000000000ab");
      EXPECT_EQ(event.at("args").at("span").get<std::string>().size(), 16u);
    }
  }
  EXPECT_EQ(spans, 12);
  EXPECT_EQ(processes, (std::map<int, std::string>{
                           {1, "traces"}, {2, "base"}, {3, "cart"}, {4, "mail"}, {5, "shop"}}));
  // An arrow to each asynchronous span, from within the span that began it.
  ASSERT_EQ(flows.size(), 2u);
  for (const auto& [id, pair] : flows) {
    ASSERT_EQ(pair.size(), 2u);
    EXPECT_EQ(pair[0].at("ph"), "s");
    EXPECT_EQ(processes[pair[0].at("pid")], "shop");
    EXPECT_EQ(pair[1].at("ph"), "f");
    EXPECT_EQ(pair[1].at("bp"), "e");
    EXPECT_EQ(processes[pair[1].at("pid")], "mail");
    EXPECT_EQ(pair[0].at("ts"), pair[1].at("ts"));
  }
}

TEST(ChromeTrace, TracesStandOneAfterTheOtherAndSayWhenTheyBegan) {
  const ProfileTrace traces[] = {MadeTrace(), MadeTrace()};
  const json file = Write(traces, 12, 2);
  std::vector<json> headings;
  for (const json& event : file.at("traceEvents")) {
    if (event.at("ph") == "X" && event.at("pid") == 1) headings.push_back(event);
  }
  ASSERT_EQ(headings.size(), 2u);
  EXPECT_EQ(headings[0].at("ts").dump(), "0");
  EXPECT_EQ(headings[0].at("dur").dump(), "250");
  EXPECT_EQ(headings[1].at("ts").dump(), "262.5");
  EXPECT_EQ(headings[0].at("args").at("start"), "2020-09-13 12:26:40 UTC");
}

TEST(ChromeTrace, AnArrowBeginsWithinTheSpanThatSentIt) {
  ProfileTrace trace;
  trace.id = "ac";
  trace.duration_ns = 500'000;
  trace.spans = {MadeSpan(kNoNode, "shop", "GET", 0, 100'000),
                 MadeSpan(0, "mail", "send", 400'000, 500'000)};
  trace.spans[1].asynchronous = true;
  const json file = Write(std::span(&trace, 1), 2, 0);
  for (const json& event : file.at("traceEvents")) {
    if (event.at("ph") == "s") {
      EXPECT_EQ(event.at("ts").dump(), "99.999");
    }
    if (event.at("ph") == "f") {
      EXPECT_EQ(event.at("ts").dump(), "400");
    }
  }
}

TEST(ChromeTrace, ErrorsAndDecimals) {
  const ProfileTrace traces[] = {MadeTrace()};
  const json file = Write(traces, 6, 1);
  int errors = 0;
  for (const json& event : file.at("traceEvents")) {
    if (event.at("name") == "get") {
      EXPECT_EQ(event.at("dur").dump(), "40.005");
    }
    if (event.contains("cname")) {
      ++errors;
      EXPECT_EQ(event.at("args").at("status"), "error");
    }
  }
  EXPECT_EQ(errors, 1);
}

TEST(ChromeTrace, MicrosecondsAreExact) {
  EXPECT_EQ(Microseconds(0), "0");
  EXPECT_EQ(Microseconds(1), "0.001");
  EXPECT_EQ(Microseconds(-12'050), "-12.05");
  EXPECT_EQ(Microseconds(9'000'000'000'000'000'001), "9000000000000000.001");
}

}  // namespace
}  // namespace plumbago::render
