#include "render/first_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "render/quantity.h"
#include "render/table_lines.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Completeness;
using document::Document;
using document::Unit;

constexpr int kLabel = 12;  // column where the text behind a label starts

constexpr int kWide = 72;  // columns that the table of hidden changes needs

std::string Plural(uint64_t count, const char* one, const char* many) {
  return Count(count) + " " + (count == 1 ? one : many);
}

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
  const bool as_written = document.completeness.repair == "none";
  const auto part = [&](const char* mark, uint64_t count, const char* what) {
    std::string text = fmt::format("{} {} {}", mark, Count(count), what);
    if (traces.read > 0 && count > 0) {
      text += fmt::format(
          " ({})",
          Quantity(static_cast<double>(count) / static_cast<double>(traces.read), Unit::kShare));
    }
    return text;
  };
  std::vector<std::string> parts = {
      Count(traces.read) + " read", part("█", traces.complete, "whole"),
      part("▒", traces.repaired, as_written ? "damaged, used as written" : "mended"),
      part("░", traces.dropped, "dropped")};
  AddParts("traces", parts, screen);
  if (traces.read == 0) return;
  const auto columns =
      Divide(std::array{traces.complete, traces.repaired, traces.dropped}, screen.width() - kLabel);
  Line bar;
  bar.PadTo(kLabel);
  constexpr std::array<const char*, 3> kMarks = {"█", "▒", "░"};
  constexpr std::array kStyles = {Style::kGood, Style::kWarn, Style::kBad};
  for (size_t i = 0; i < 3; ++i) {
    std::string cells;
    for (int c = 0; c < columns[i]; ++c) cells += kMarks[i];
    bar.Add(cells, kStyles[i]);
  }
  screen.Add(bar);
}

void AddWindow(const Completeness& c, Screen& screen) {
  std::vector<std::string> parts;
  if (c.cut_left > 0 && c.cut_right > 0) {
    parts.push_back(fmt::format("{} cut by the window, {} at its start and {} at its end",
                                Count(c.cut_left + c.cut_right), Count(c.cut_left),
                                Count(c.cut_right)));
  } else if (c.cut_left + c.cut_right > 0) {
    parts.push_back(fmt::format("{} cut by the window, at its {}", Count(c.cut_left + c.cut_right),
                                c.cut_left > 0 ? "start" : "end"));
  }
  if (c.reused_ids > 0) parts.push_back(Plural(c.reused_ids, "reused id", "reused ids"));
  if (!c.window.empty()) parts.push_back(c.window);
  if (!c.exact) parts.push_back("not exact: traces were closed too early (see damage)");
  if (parts.empty()) return;
  AddParts("window", parts, screen);
}

void AddDamage(const Document& document, Screen& screen) {
  const document::Input& input = document.input;
  if (input.damaged == 0 && input.by_kind.empty()) {
    screen.Add(Labelled("damage", "none: no row was lost or altered", kLabel, screen.width()));
    return;
  }
  std::string rows = Plural(input.damaged, "row", "rows") + " lost or altered";
  if (input.rows > 0) {
    rows += fmt::format(
        " ({} per 100 usable)",
        Quantity(100.0 * static_cast<double>(input.damaged) / static_cast<double>(input.rows),
                 Unit::kNone));
  }
  std::vector<std::string> parts = {rows};
  for (const document::DamageCount& kind : input.by_kind) {
    parts.push_back((kind.title.empty() ? kind.kind : kind.title) + " " + Count(kind.count));
  }
  AddParts("damage", parts, screen);
}

void AddQuality(const Completeness& c, Screen& screen) {
  std::vector<std::pair<std::string, std::string>> facts;
  const auto share = [](uint64_t part, uint64_t whole) {
    return Quantity(static_cast<double>(part) / static_cast<double>(whole), Unit::kShare);
  };
  if (c.rows > 0)
    facts.emplace_back("rows in traces without damage", share(c.rows_in_whole_traces, c.rows));
  const bool as_written = c.repair == "none";
  if (c.calls > 0 && !as_written)
    facts.emplace_back("calls mended", share(c.calls_mended, c.calls));
  if (c.calls_mean_whole) {
    facts.emplace_back("calls of a whole trace, mean", Quantity(c.calls_mean_whole, Unit::kCount));
  }
  if (c.links_mended_confidence) {
    facts.emplace_back("mended links expected to be right",
                       Quantity(c.links_mended_confidence, Unit::kShare));
  }
  if (c.calls_mean_damaged) {
    facts.emplace_back(
        as_written ? "calls of a damaged trace, mean" : "calls of a mended trace, mean",
        Quantity(c.calls_mean_damaged, Unit::kCount));
  }
  if (c.calls_inserted > 0) facts.emplace_back("lost calls put back", Count(c.calls_inserted));
  AddPairs("quality", facts, kLabel, screen);
}

void AddHidden(const Completeness& c, size_t rows, Screen& screen) {
  if (c.headlines == 0) return;
  const std::string claim =
      c.headlines_changed == 0
          ? fmt::format(
                "looking at whole traces alone would change none of {} headlines by more than 5 %",
                Count(c.headlines))
          : fmt::format(
                "looking at whole traces alone would change {} of {} headlines by more than 5 %{}",
                Count(c.headlines_changed), Count(c.headlines), c.hidden.empty() ? "" : ":");
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
  const document::Input& input = document.input;
  const document::Run& run = document.run;
  std::vector<std::string> parts;
  if (!input.format.empty()) parts.push_back(input.format);
  parts.push_back(Plural(input.files.size(), "file", "files"));
  if (!input.skipped.empty())
    parts.back() += fmt::format(" ({} skipped)", Count(input.skipped.size()));
  parts.push_back(Quantity(static_cast<double>(input.bytes), Unit::kBytes));
  parts.push_back(Plural(input.rows, "row", "rows"));
  const double rate = static_cast<double>(input.rows) / run.seconds;
  if (run.seconds > 0 && std::isfinite(rate)) {
    parts.push_back(Quantity(run.seconds * 1e9, Unit::kNanoseconds));
    std::string text = Quantity(rate, Unit::kPerSecond);
    parts.push_back(text.replace(text.find('/'), 1, " rows/"));
  }
  if (run.threads > 0) parts.push_back(Plural(run.threads, "thread", "threads"));
  AddParts("input", parts, screen);
}

void AddCompleteness(const Document& document, size_t hidden_rows, Screen& screen) {
  const Completeness& completeness = document.completeness;
  screen.Heading("COMPLETENESS",
                 completeness.repair.empty() ? "" : "repair: " + completeness.repair);
  AddTraces(document, screen);
  AddWindow(completeness, screen);
  AddDamage(document, screen);
  AddQuality(completeness, screen);
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
