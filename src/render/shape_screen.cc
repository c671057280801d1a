#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "render/chart.h"
#include "render/first_screen.h"
#include "render/quantity.h"
#include "render/text_width.h"

// SHAPE: key headlines and key figures in two newspaper columns. A block (a section's headlines, or
// a figure) is never broken; the first blocks stand on the left, and the cut is where the taller
// column is least tall. Between sections stands a blank line; a section's own blocks follow each
// other. Sections that can say nothing of their key headlines are named in one line below.

namespace plumbago::render {
namespace {

using document::Section;

constexpr int kGap = 4;

struct Block {
  bool starts_section = false;
  Lines lines;
};

void AddWrapped(std::string_view text, int indent, int width, Style style, Lines& lines) {
  for (const std::string& part : Wrap(Printable(text), width - indent)) {
    lines.push_back(Line().PadTo(indent).Add(part, style));
  }
}

void AddHeadline(const document::Headline& headline, int width, Lines& lines) {
  const std::string value = Quantity(headline.value, headline.unit);
  const std::string& title = headline.title.empty() ? headline.name : headline.title;
  AddWrapped(title, 2, width - TextWidth(value) - 1, Style::kPlain, lines);
  lines.back().Right(value, width);
}

// Whether it has key headlines, and no value for any of them.
bool SaysNothing(const Section& section) {
  bool keys = false;
  for (const document::Headline& headline : section.headline) {
    if (!headline.key) continue;
    if (headline.value) return false;
    keys = true;
  }
  return keys && std::none_of(section.figures.begin(), section.figures.end(),
                              [](const document::Figure& figure) {
                                return figure.key && !SmallChart(figure, kGap).empty();
                              });
}

void AddBlocks(const Section& section, int width, std::vector<Block>& blocks) {
  Block block{true, {}};
  AddWrapped(section.title.empty() ? section.id : section.title, 0, width, Style::kBold,
             block.lines);
  const size_t title_lines = block.lines.size();
  for (const document::Headline& headline : section.headline) {
    if (headline.key) AddHeadline(headline, width, block.lines);
  }
  // The title stays with what comes first below it.
  bool filled = block.lines.size() > title_lines;
  for (const document::Figure& figure : section.figures) {
    if (!figure.key) continue;
    const Lines chart = SmallChart(figure, width - 4);
    if (chart.empty()) continue;
    if (filled) {
      blocks.push_back(std::move(block));
      block = {};
    }
    AddWrapped(figure.title.empty() ? figure.id : figure.title, 2, width, Style::kPlain,
               block.lines);
    for (const Line& line : chart) block.lines.push_back(Line("    ").Append(line));
    filled = true;
  }
  if (filled) blocks.push_back(std::move(block));
}

Lines Stack(const std::vector<Block>& blocks, size_t first, size_t end) {
  Lines lines;
  for (size_t b = first; b < end; ++b) {
    if (!lines.empty() && blocks[b].starts_section) lines.emplace_back();
    lines.insert(lines.end(), blocks[b].lines.begin(), blocks[b].lines.end());
  }
  return lines;
}

}  // namespace

void AddShape(const document::Document& document, Screen& screen) {
  const bool two = screen.width() >= 88;
  const int width = two ? (screen.width() - 2 - kGap) / 2 : screen.width() - 2;
  std::vector<Block> blocks;
  std::vector<std::string> silent;
  for (const Section& section : document.sections) {
    if (section.id == "completeness") continue;  // it has a part of its own
    if (SaysNothing(section)) {
      silent.push_back(section.title.empty() ? section.id : section.title);
    } else {
      AddBlocks(section, width, blocks);
    }
  }
  if (blocks.empty() && silent.empty()) return;
  screen.Heading("SHAPE");
  size_t cut = blocks.size();
  if (two) {
    size_t least = std::numeric_limits<size_t>::max();
    for (size_t at = 1; at <= blocks.size(); ++at) {
      const size_t height =
          std::max(Stack(blocks, 0, at).size(), Stack(blocks, at, blocks.size()).size());
      if (height < least) {
        least = height;
        cut = at;
      }
    }
  }
  const Lines left = Stack(blocks, 0, cut), right = Stack(blocks, cut, blocks.size());
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    Line line("  ");
    if (i < left.size()) line.Append(left[i]);
    if (i < right.size()) line.PadTo(2 + width + kGap).Append(right[i]);
    screen.Add(line);
  }
  if (silent.empty()) return;
  if (!blocks.empty()) screen.Blank();
  constexpr int kLabel = 14;
  const char* label = "cannot say";
  for (const std::string& text : JoinParts(silent, screen.width() - kLabel)) {
    screen.Add(Labelled(label, text, kLabel, screen.width()));
    label = "";
  }
}

}  // namespace plumbago::render
