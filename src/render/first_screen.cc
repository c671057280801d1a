#include "render/first_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "render/quantity.h"
#include "render/report_facts.h"
#include "render/table_lines.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Completeness;
using document::Document;

constexpr int kLabel = 12;  // column where the text behind a label starts

constexpr int kWide = 72;  // columns that the table of hidden changes needs

// Parts behind a label, broken between parts where the line ends.
void AddParts(const char* label, const std::vector<std::string>& parts, Screen& screen) {
  for (const std::string& text : JoinParts(parts, screen.width() - kLabel)) {
    screen.Add(Labelled(label, text, kLabel, screen.width()));
    label = "";
  }
}

// Columns of a bar of `width` for parts of a whole; what is not zero gets at least one.
template <size_t n>
std::array<int, n> Divide(const std::array<uint64_t, n>& parts, int width) {
  double total = 0;
  for (const uint64_t part : parts) total += static_cast<double>(part);
  std::array<int, n> columns{};
  if (total == 0) return columns;
  int used = 0;
  for (size_t i = 0; i < n; ++i) {
    if (parts[i] == 0) continue;
    columns[i] =
        std::max(1, static_cast<int>(std::floor(static_cast<double>(parts[i]) / total * width)));
    used += columns[i];
  }
  auto most = std::max_element(columns.begin(), columns.end());
  *most += width - used;
  return columns;
}

void AddTraces(const Document& document, Screen& screen) {
  const document::Traces& traces = document.traces;
  constexpr std::array<const char*, 3> kMarks = {"█", "▒", "░"};
  std::vector<std::string> parts = {Count(traces.read) + " read"};
  for (const TracePart& part : TraceParts(document)) {
    parts.push_back(fmt::format("{} {}", kMarks[parts.size() - 1], part.text));
  }
  AddParts("traces", parts, screen);
  if (traces.read == 0) return;
  const auto columns =
      Divide(std::array{traces.complete, traces.repaired, traces.dropped}, screen.width() - kLabel);
  Line bar;
  bar.PadTo(kLabel);
  constexpr std::array kStyles = {Style::kGood, Style::kWarn, Style::kBad};
  for (size_t i = 0; i < 3; ++i) {
    std::string cells;
    for (int c = 0; c < columns[i]; ++c) cells += kMarks[i];
    bar.Add(cells, kStyles[i]);
  }
  screen.Add(bar);
}

void AddHidden(const Completeness& c, size_t rows, Screen& screen) {
  std::string claim = HiddenClaim(c);
  if (claim.empty()) return;
  if (!c.hidden.empty() && c.headlines_changed > 0) claim += ':';
  screen.Add(Labelled("hidden", claim, kLabel, screen.width()));
  Grid grid;
  grid.columns = {{"", Fill::kProse}, {"", Fill::kNumber}, {"", Fill::kWhole}, {"", Fill::kNumber}};
  for (size_t i = 0; i < std::min(rows, c.hidden.size()); ++i) {
    const document::Survivorship& row = c.hidden[i];
    const std::string& title = row.title.empty() ? row.name : row.title;
    const std::string accurate = Quantity(row.accurate, row.unit);
    const std::string rebuild = "instead of " + Quantity(row.rebuild, row.unit);
    if (screen.width() >= kWide) {
      grid.rows.push_back({title, accurate, rebuild, Change(row.change)});
    } else {
      const std::string text =
          fmt::format("{}: {} {} ({})", title, accurate, rebuild, Change(row.change));
      screen.Add(Labelled("", text, kLabel + 2, screen.width()));
    }
  }
  screen.Add(LayOut(grid, screen.width(), kLabel + 2).lines);
}

}  // namespace

void AddPartialNote(const Document& document, Screen& screen) {
  if (!document.interrupted) return;
  Line line("PARTIAL", Style::kWarn);
  screen.Add(line.Add(
      "   interrupted before the end of the input: all below is about what was read until then"));
  screen.Blank();
}

void AddInput(const Document& document, Screen& screen) {
  AddParts("input", InputParts(document.input, document.run), screen);
}

void AddCompleteness(const Document& document, size_t hidden_rows, Screen& screen) {
  const Completeness& completeness = document.completeness;
  screen.Heading("COMPLETENESS",
                 completeness.repair.empty() ? "" : "repair: " + completeness.repair);
  for (const document::Statement& statement : completeness.statements)
    AddParts(statement.label.c_str(), statement.parts, screen);
  if (completeness.statements.empty()) AddTraces(document, screen);
  const std::vector<std::string> window = WindowParts(completeness);
  if (!window.empty()) AddParts("window", window, screen);
  AddParts("damage", DamageParts(document.input), screen);
  AddPairs("quality", QualityFacts(completeness), kLabel, screen);
  AddHidden(completeness, hidden_rows, screen);
}

void AddKeyTables(const Document& document, Screen& screen) {
  for (const document::Section& section : document.sections) {
    for (const document::Table& table : section.tables) {
      if (!table.key || table.rows.empty()) continue;
      const size_t rows = std::min(table.rows.size(), kKeyRows);
      LaidOut laid_out = LayOut(ToGrid(table, rows), screen.width(), 2, 1);
      std::vector<std::string> notes;
      if (rows < table.rows_total())
        notes.push_back(fmt::format("{} of {}", rows, Count(table.rows_total())));
      if (laid_out.columns_left_out > 0) {
        notes.push_back(Plural(laid_out.columns_left_out, "more column", "more columns"));
      }
      if (!notes.empty()) notes.push_back("--section " + section.id);
      const std::string note = notes.empty() ? "" : JoinParts(notes, 1000).front();
      screen.Heading(Upper(table.title.empty() ? section.title : table.title), note);
      screen.Add(laid_out.lines);
    }
  }
}

void AddNext(const Document& document, Screen& screen) {
  if (document.next.empty()) return;
  screen.Heading("NEXT");
  for (const std::string& command : document.next) {
    // A command that does not fit goes on behind a backslash, so that it can be copied as it
    // stands.
    const std::vector<std::string> lines = Wrap(Printable(command), screen.width() - 6);
    for (size_t i = 0; i < lines.size(); ++i) {
      screen.Add(Line(i == 0 ? "  " : "    ").Add(lines[i]).Add(i + 1 < lines.size() ? " \\" : ""));
    }
  }
}

}  // namespace plumbago::render
