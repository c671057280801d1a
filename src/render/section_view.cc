#include "render/section_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "render/chart.h"
#include "render/finding_lines.h"
#include "render/quantity.h"
#include "render/table_lines.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Headline;
using document::Section;

void AddHeadlines(const Section& section, Screen& screen) {
  if (section.headline.empty()) return;
  struct Variant {
    const char* title;
    std::optional<double> Headline::* value;
  };
  constexpr Variant kVariants[] = {{"none", &Headline::none},
                                   {"accurate", &Headline::accurate},
                                   {"rebuild", &Headline::rebuild},
                                   {"published", &Headline::published}};
  Grid grid;
  grid.columns = {{"", Fill::kProse}, {"value", Fill::kNumber}};
  std::vector<Variant> shown;
  for (const Variant& variant : kVariants) {
    const bool any = std::any_of(section.headline.begin(), section.headline.end(),
                                 [&](const Headline& h) { return (h.*variant.value).has_value(); });
    if (!any) continue;
    shown.push_back(variant);
    grid.columns.push_back({variant.title, Fill::kNumber});
  }
  for (const Headline& headline : section.headline) {
    auto& row = grid.rows.emplace_back();
    row.push_back(headline.title.empty() ? headline.name : headline.title);
    row.push_back(Quantity(headline.value, headline.unit));
    for (const Variant& variant : shown) {
      const std::optional<double>& value = headline.*variant.value;
      row.push_back(value ? Quantity(*value, headline.unit) : "–");
    }
  }
  screen.Add(LayOut(grid, screen.width(), 2).lines);
}

void AddTitle(std::string_view title, std::string_view note, Screen& screen) {
  screen.Blank();
  for (const std::string& part : Wrap(Printable(title), screen.width() - 2)) {
    screen.Add(Line("  ").Add(part, Style::kBold));
  }
  if (!note.empty()) screen.Add(Line("  ").Add(note, Style::kDim));
}

void AddTable(const document::Table& table, size_t top, Screen& screen) {
  const size_t rows = std::min(top, table.rows.size());
  const std::string note = rows < table.rows_total()
                               ? fmt::format("{} of {} rows; --top N or --top all for more",
                                             Count(rows), Count(table.rows_total()))
                               : fmt::format("{} rows", Count(rows));
  AddTitle(table.title.empty() ? table.id : table.title, note, screen);
  if (!table.rows.empty()) screen.Add(LayOut(ToGrid(table, rows), screen.width(), 4).lines);
  Grid help;
  help.columns = {{"", Fill::kName}, {"", Fill::kProse}};
  for (const document::Column& column : table.columns) {
    if (!column.help.empty())
      help.rows.push_back({column.title.empty() ? column.id : column.title, column.help});
  }
  if (help.rows.empty()) return;
  screen.Blank();
  screen.Add(LayOut(help, screen.width(), 4).lines);
}

}  // namespace

void AddSection(const Section& section, size_t top, Screen& screen) {
  screen.Heading(Upper(section.title.empty() ? section.id : section.title), section.id);
  for (const std::string& part : Wrap(Printable(section.question), screen.width() - 2)) {
    if (!part.empty()) screen.Add(Line("  ").Add(part, Style::kDim));
  }
  AddSectionBody(section, top, screen);
}

void AddSectionBody(const Section& section, size_t top, Screen& screen) {
  if (!section.headline.empty()) screen.Blank();
  AddHeadlines(section, screen);
  for (const document::Finding& finding : section.findings) {
    screen.Blank();
    screen.Add(FullFinding(finding, screen.width()));
  }
  for (const document::Figure& figure : section.figures) {
    AddTitle(figure.title.empty() ? figure.id : figure.title, "", screen);
    for (const Line& line : FullChart(figure, screen.width() - 4, top)) {
      screen.Add(Line("    ").Append(line));
    }
  }
  for (const document::Table& table : section.tables) AddTable(table, top, screen);
  if (section.computed.empty()) return;
  AddTitle("how this was computed", "", screen);
  for (const std::string& part : Wrap(Printable(section.computed), screen.width() - 4)) {
    screen.Add(Line("    ").Add(part));
  }
}

void AddDamageInFull(const document::Document& document, Screen& screen) {
  for (const document::DamageCount& kind : document.input.by_kind) {
    screen.Blank();
    screen.Add(Line("  ")
                   .Add(kind.title.empty() ? kind.kind : kind.title, Style::kBold)
                   .Add(" · " + Count(kind.count))
                   .Add(kind.title.empty() || kind.title == kind.kind ? "" : " · " + kind.kind,
                        Style::kDim));
    if (!kind.help.empty()) screen.Add(Labelled("", kind.help, 4, screen.width()));
    if (!kind.first.empty())
      screen.Add(Labelled("", "first: " + kind.first, 4, screen.width(), Style::kDim));
  }
}

}  // namespace plumbago::render
