#include "render/markdown.h"

#include <gtest/gtest.h>

#include "render/test_document.h"

namespace plumbago::render {
namespace {

TEST(Markdown, NamesStayReadableAndMarkupDoesNot) {
  EXPECT_EQ(MarkdownText("MS_18635 (0.7 %) and a-b"), "MS_18635 (0.7 %) and a-b");
  EXPECT_EQ(MarkdownText("<script>&"), "&lt;script>&amp;");
  EXPECT_EQ(MarkdownText("a|b*c*`d`[e](f)#1 ~x~"), "a\\|b\\*c\\*\\`d\\`\\[e\\](f)\\#1 \\~x\\~");
  EXPECT_EQ(MarkdownText("_a_ a_b"), "\\_a\\_ a_b");
  EXPECT_EQ(MarkdownText("1. no list"), "1\\. no list");
  EXPECT_EQ(MarkdownText("- no list"), "\\- no list");
  EXPECT_EQ(MarkdownText("48.1 %"), "48.1 %");
  EXPECT_EQ(MarkdownText("a\nb @all"), "a b &#64;all");
}

document::Document Small() {
  document::Document document;
  document.title = "Traces";
  document.input.format = "csv";
  document.input.files = {"a.csv"};
  document.input.bytes = 1000;
  document.input.rows = 10;
  document.traces = {4, 3, 1, 0};
  document::Section section{"s", "Section", "What?", {}, {}, {}, {}, "By counting."};
  section.headline = {{"n", "number", document::Unit::kCount, 3, {}, 2, {}, {}, true}};
  document::Table table{
      "t",
      "Table",
      {{"a", "name", document::Unit::kNone, ""}, {"b", "calls", document::Unit::kCount, ""}},
      {{std::string("x|y"), int64_t{1200}}, {std::string("z"), document::Cell()}},
      false,
      3};
  section.tables.push_back(table);
  document.sections = {section};
  return document;
}

TEST(Markdown, ASmallDocument) {
  EXPECT_EQ(RenderMarkdown(Small(), {.top = 1}), R"md(# Traces

csv · 1 file · 1.00 kB · 10 rows

## Completeness

- **traces**: 4 read · 3 whole (75.0 %) · 1 mended (25.0 %) · 0 dropped
- **damage**: none: no row was lost or altered

## Section

*What?*

| number | value | whole traces only | published |
| --- | --- | --- | --- |
| number | 3 | 2 | – |

**Table**

| name | calls |
| --- | ---: |
| x\|y | 1,200 |

1 of 5 rows

How this was computed: By counting.

)md");
}

TEST(Markdown, CompletenessThenFindingsThenSections) {
  const std::string text = RenderMarkdown(TestDocument());
  const size_t completeness = text.find("## Completeness"), findings = text.find("## Findings"),
               scale = text.find("## Scale"), next = text.find("## Next");
  EXPECT_LT(completeness, findings);
  EXPECT_LT(findings, scale);
  EXPECT_LT(scale, next);
  EXPECT_NE(text.find("20 of 34 rows"), std::string::npos);
}

}  // namespace
}  // namespace plumbago::render
