#include "render/waterfall.h"

#include <gtest/gtest.h>

#include "render/text_width.h"

namespace plumbago::render {
namespace {

WaterfallSpan Span(const char* service, const char* operation, std::string levels, int64_t start,
                   int64_t duration) {
  WaterfallSpan span;
  span.service = service;
  span.operation = operation;
  span.depth = static_cast<uint32_t>(levels.size());
  span.levels = std::move(levels);
  span.timed = true;
  span.start_ns = start;
  span.duration_ns = duration;
  return span;
}

std::vector<std::string> Texts(const Waterfall& waterfall, int width) {
  std::vector<std::string> texts;
  for (const Line& line : DrawWaterfall(waterfall, width)) texts.push_back(line.Text(width, false));
  return texts;
}

TEST(Waterfall, TreePathAndBars) {
  Waterfall waterfall;
  waterfall.end_ns = 1'000'000;
  waterfall.spans = {Span("shop", "GET /", "", 0, 1'000'000), Span("cart", "get", "+", 0, 500'000),
                     Span("base", "query", "|`", 250'000, 250'000),
                     Span("ads", "get", "`", 500'000, 500'000)};
  waterfall.spans[0].on_path = {{500'000, 1'000'000}};
  waterfall.spans[1].on_path = {{0, 250'000}};
  waterfall.spans[2].on_path = {{250'000, 500'000}};
  waterfall.spans[3].error = true;
  waterfall.spans[0].known = 1000;
  waterfall.spans[0].slower_than = 0.993;
  waterfall.spans[1].known = 3;
  const auto lines = Texts(waterfall, 100);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_NE(lines[0].find("slower"), std::string::npos);
  EXPECT_NE(lines[1].find("   500 µs  shop  GET /"), std::string::npos) << lines[1];
  EXPECT_NE(lines[1].find("99.3 %"), std::string::npos);
  EXPECT_NE(lines[2].find("├ cart  get"), std::string::npos);
  EXPECT_NE(lines[2].find("of 3"), std::string::npos);
  EXPECT_NE(lines[3].find("│ └ base  query"), std::string::npos);
  EXPECT_NE(lines[4].find("└ ads  get ✗"), std::string::npos);
  const auto bar = [](const std::string& line) {
    const size_t at = std::min(line.find("█"), line.find("▒"));
    return line.substr(at);
  };
  // Half of the root's bar is its own; what its children do is not.
  const std::string root = bar(lines[1]);
  EXPECT_EQ(root.find("█"), root.rfind("▒") + 3) << root;
  EXPECT_NEAR(TextWidth(root), 2 * TextWidth(bar(lines[4])), 1);
  for (const std::string& line : lines) EXPECT_LE(TextWidth(line), 100);
}

TEST(Waterfall, NeverWiderThanAsked) {
  Waterfall waterfall;
  waterfall.end_ns = 10;
  std::string levels;
  for (int depth = 0; depth < 30; ++depth) {
    WaterfallSpan span =
        Span("a service with quite a long name", "an operation, too", "", depth, 1);
    span.depth = static_cast<uint32_t>(depth);
    if (depth > 0 && depth <= static_cast<int>(kWaterfallLevels)) {
      span.levels = std::string(static_cast<size_t>(depth) - 1, '|') + '`';
    }
    span.asynchronous = true;
    span.known = 1'000'000;
    span.slower_than = 0.123456;
    waterfall.spans.push_back(span);
  }
  waterfall.more_spans = 5;
  for (const int width : {60, 80, 100, 200}) {
    for (const std::string& line : Texts(waterfall, width)) {
      EXPECT_LE(TextWidth(line), width) << line;
    }
  }
  EXPECT_NE(Texts(waterfall, 100).back().find("5 more spans"), std::string::npos);
}

TEST(Waterfall, ASpanWithoutLengthIsSeen) {
  Waterfall waterfall;
  waterfall.end_ns = 1'000'000;
  waterfall.spans = {Span("a", "", "", 0, 1'000'000), Span("b", "", "`", 999'999, 0),
                     Span("c", "", "`", 1'000'000, 0)};
  const auto lines = Texts(waterfall, 100);
  EXPECT_NE(lines[2].find("▒"), std::string::npos) << lines[2];
  EXPECT_NE(lines[3].find("▒"), std::string::npos) << lines[3];
}

}  // namespace
}  // namespace plumbago::render
