// What holds for every document, however nasty: no line is wider than asked for, nothing of the
// data reaches the terminal as a control, colour adds nothing but colour, and JSON parses.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "render/html_report.h"
#include "render/json.h"
#include "render/markdown.h"
#include "render/terminal.h"
#include "render/test_document.h"
#include "render/testing/html_check.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Document;
using document::Unit;

std::string AnyText() {
  static const std::vector<std::string> kPieces = {
      "a",
      "MS_1",
      " ",
      "  ",
      "\n",
      "\t",
      "漢字",
      "😀",
      "e\u0301",
      "\x1b[31m",
      "\xFF",
      "\xE6",
      std::string(1, '\0'),
      "\u202E",
      "·",
      std::string(150, 'x'),
      "word and word",
      "0123456789abcdef0123456789abcdef0123456789abcdef",
      "👩‍👩‍👧",
      "…",
      "%",
      "</script><script>",
      "\"'&<>",
      "|",
      "\u05d0\u05d1"};
  std::string text;
  for (const size_t i :
       *rc::gen::container<std::vector<size_t>>(rc::gen::inRange(size_t{0}, kPieces.size()))) {
    text += kPieces[i];
  }
  return text;
}

double AnyNumber() {
  return *rc::gen::oneOf(rc::gen::element(0.0, 1.0, -1.0, 1e-300, 1e300, 0.5, 12345678.0, 1e15,
                                          std::numeric_limits<double>::quiet_NaN(),
                                          std::numeric_limits<double>::infinity(),
                                          -std::numeric_limits<double>::infinity()),
                         rc::gen::arbitrary<double>());
}

std::optional<double> MaybeNumber() {
  return *rc::gen::arbitrary<bool>() ? std::optional<double>(AnyNumber()) : std::nullopt;
}

Unit AnyUnit() { return static_cast<Unit>(*rc::gen::inRange(0, 7)); }
size_t Some(size_t most) { return *rc::gen::inRange(size_t{0}, most + 1); }
bool Coin() { return *rc::gen::arbitrary<bool>(); }

document::Cell AnyCell() {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return {};
    case 1:
      return *rc::gen::arbitrary<int64_t>();
    case 2:
      return AnyNumber();
    default:
      return AnyText();
  }
}

document::Section AnySection(size_t number) {
  document::Section section;
  section.id = Coin() ? "s" + std::to_string(number) : AnyText();
  section.title = AnyText();
  section.question = AnyText();
  section.computed = AnyText();
  for (size_t i = Some(3); i > 0; --i) {
    section.headline.push_back({"h", AnyText(), AnyUnit(), MaybeNumber(), MaybeNumber(),
                                MaybeNumber(), MaybeNumber(), MaybeNumber(), Coin()});
  }
  for (size_t i = Some(2); i > 0; --i) {
    section.findings.push_back(
        {AnyText(),
         static_cast<document::Verdict>(Some(2)),
         AnyText(),
         AnyText(),
         {{AnyText(), AnyUnit(), AnyCell()}},
         {AnyText(), AnyUnit(), MaybeNumber(), MaybeNumber(), MaybeNumber(), AnyText()},
         AnyText(),
         AnyText(),
         AnyText(),
         1.0 * static_cast<double>(Some(5))});
  }
  for (size_t i = Some(2); i > 0; --i) {
    document::Table table{"t", AnyText(), {}, {}, Coin()};
    const size_t columns = Some(12);
    for (size_t c = 0; c < columns; ++c)
      table.columns.push_back({"c", AnyText(), AnyUnit(), AnyText()});
    for (size_t r = Some(12); r > 0; --r) {
      auto& row = table.rows.emplace_back();
      for (size_t c = Some(columns); c > 0; --c) row.push_back(AnyCell());
    }
    section.tables.push_back(std::move(table));
  }
  for (size_t i = Some(2); i > 0; --i) {
    document::Figure figure{"f",
                            AnyText(),
                            static_cast<document::FigureKind>(Some(6)),
                            {AnyText(), AnyUnit(), Coin()},
                            {AnyText(), AnyUnit(), Coin()},
                            {},
                            {},
                            Coin()};
    for (size_t s = Some(3); s > 0; --s) {
      document::Series series{AnyText(), {}, Coin()};
      for (size_t p = Some(12); p > 0; --p) {
        series.points.push_back({Coin() ? static_cast<double>(p) : AnyNumber(), AnyNumber()});
      }
      figure.series.push_back(std::move(series));
    }
    for (size_t l = Some(10); l > 0; --l) figure.labels.push_back(AnyText());
    for (size_t n = Some(6); n > 0; --n) {
      figure.nodes.push_back({AnyText(), AnyText(), AnyNumber(), Coin()});
    }
    for (size_t l = Some(8); l > 0; --l) {
      document::GraphLink link;
      link.caller = static_cast<uint32_t>(Some(7));  // some point at no node
      link.callee = static_cast<uint32_t>(Some(7));
      link.kind = AnyText();
      link.calls = *rc::gen::arbitrary<uint64_t>();
      link.p99_ns = MaybeNumber();
      link.total_ns = AnyNumber();
      figure.links.push_back(link);
    }
    for (size_t h = Some(6); h > 0; --h) {
      figure.cells.push_back({AnyNumber(), AnyNumber(), AnyNumber(), AnyNumber(), AnyNumber()});
    }
    section.figures.push_back(std::move(figure));
  }
  return section;
}

Document AnyDocument() {
  Document d = Coin() ? TestDocument() : Document();
  const auto count = [] { return Coin() ? Some(1000) : *rc::gen::arbitrary<uint64_t>(); };
  d.input.format = AnyText();
  d.input.files = {AnyText()};
  d.input.bytes = count();
  d.input.rows = count();
  d.input.damaged = count();
  for (size_t i = Some(3); i > 0; --i)
    d.input.by_kind.push_back({AnyText(), AnyText(), count(), AnyText(), AnyText()});
  d.traces = {count(), count(), count(), count()};
  auto& c = d.completeness;
  c.repair = AnyText();
  c.window = AnyText();
  c.cut_left = count();
  c.rows = count();
  c.rows_in_whole_traces = count();
  c.calls = count();
  c.calls_mended = count();
  c.calls_mean_whole = MaybeNumber();
  c.headlines = count();
  c.headlines_changed = count();
  for (size_t i = Some(3); i > 0; --i) {
    c.hidden.push_back(
        {AnyText(), AnyText(), AnyText(), AnyUnit(), MaybeNumber(), MaybeNumber(), AnyNumber()});
  }
  for (size_t i = Some(3); i > 0; --i) d.sections.push_back(AnySection(i));
  d.next = {AnyText(), AnyText()};
  d.run = {AnyNumber(), 2, count()};
  d.interrupted = Coin();
  return d;
}

void CheckWidths(const std::string& text, int width) {
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = text.find('\n', start);
    RC_ASSERT(end != std::string::npos);
    const std::string_view line = std::string_view(text).substr(start, end - start);
    RC_ASSERT(TextWidth(line) <= width);
    RC_ASSERT(Printable(line) == line);
    start = end + 1;
  }
}

std::string WithoutColour(std::string text) {
  for (size_t at; (at = text.find('\x1b')) != std::string::npos;)
    text.erase(at, text.find('m', at) - at + 1);
  return text;
}

RC_GTEST_PROP(Properties, NoLineIsTooWide, ()) {
  const Document document = AnyDocument();
  TerminalOptions options;
  options.width = *rc::gen::element(40, 60, 80, 100, 140);
  CheckWidths(RenderTerminal(document, options), options.width);
  options.sections = {"all", AnyText()};
  CheckWidths(RenderTerminal(document, options), options.width);
}

RC_GTEST_PROP(Properties, ColourAddsNothing, ()) {
  const Document document = AnyDocument();
  TerminalOptions options;
  if (Coin()) options.sections = {"all"};
  const std::string plain = RenderTerminal(document, options);
  options.colour = true;
  RC_ASSERT(WithoutColour(RenderTerminal(document, options)) == plain);
}

RC_GTEST_PROP(Properties, JsonParses, ()) {
  const auto report = nlohmann::json::parse(RenderJson(AnyDocument(), {std::nullopt}));
  RC_ASSERT(report.is_object());
}

// Whatever names say, the page stays ours: known tags, closed in order; nothing of the data is a
// tag, an attribute or a control.
RC_GTEST_PROP(Properties, HtmlHoldsNothingButText, ()) {
  const Document document = AnyDocument();
  const std::string page = RenderHtml(document);
  const std::string wrong = testing::CheckHtml(page);
  RC_ASSERT(wrong == "");
  for (const char c : page) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  const size_t bytes = *rc::gen::inRange(40'000, 200'000);
  RC_ASSERT(RenderHtml(document, {20, bytes}).size() <= bytes);
}

RC_GTEST_PROP(Properties, MarkdownHoldsNoTags, ()) {
  const std::string text = RenderMarkdown(AnyDocument());
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = text.find('\n', start);
    RC_ASSERT(end != std::string::npos);
    const std::string_view line = std::string_view(text).substr(start, end - start);
    RC_ASSERT(Printable(line) == line);
    if (!line.starts_with("    ")) RC_ASSERT(line.find('<') == std::string_view::npos);
    start = end + 1;
  }
}

}  // namespace
}  // namespace plumbago::render
