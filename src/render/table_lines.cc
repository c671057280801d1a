#include "render/table_lines.h"

#include <algorithm>

#include "render/quantity.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

constexpr int kGap = 4;

Fill FillOf(const document::Table& table, size_t column, size_t rows) {
  bool numbers = table.columns[column].unit != document::Unit::kNone, text = false;
  for (size_t r = 0; r < rows; ++r) {
    if (column >= table.rows[r].size()) continue;
    const document::Cell& cell = table.rows[r][column];
    if (const auto* words = std::get_if<std::string>(&cell)) {
      if (words->find(' ') != std::string::npos) return Fill::kProse;
      text = true;
    }
    numbers = numbers || Number(cell).has_value();
  }
  return numbers && !text ? Fill::kNumber : Fill::kName;
}

}  // namespace

Grid ToGrid(const document::Table& table, size_t rows) {
  Grid grid;
  rows = std::min(rows, table.rows.size());
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const document::Column& column = table.columns[c];
    grid.columns.push_back(
        {column.title.empty() ? column.id : column.title, FillOf(table, c, rows)});
  }
  for (size_t r = 0; r < rows; ++r) {
    auto& row = grid.rows.emplace_back();
    for (size_t c = 0; c < std::min(table.columns.size(), table.rows[r].size()); ++c) {
      const document::Cell& cell = table.rows[r][c];
      // A hole in a column of numbers is a dash: "cannot say" twenty times says no more.
      if (std::holds_alternative<std::monostate>(cell)) {
        row.push_back("–");
      } else {
        row.push_back(ShortIds(Quantity(cell, table.columns[c].unit)));
      }
    }
  }
  return grid;
}

void AddPairs(std::string_view label, const std::vector<std::pair<std::string, std::string>>& facts,
              int indent, Screen& screen) {
  const auto widths = [&](size_t first, size_t step) {
    std::pair<int, int> most{0, 0};
    for (size_t i = first; i < facts.size(); i += step) {
      most.first = std::max(most.first, TextWidth(Printable(facts[i].first)));
      most.second = std::max(most.second, TextWidth(Printable(facts[i].second)));
    }
    return most;
  };
  const auto left = widths(0, 2), right = widths(1, 2), all = widths(0, 1);
  const int name = std::max(std::min(all.first, screen.width() - indent - 2 - all.second), 2);
  const int two = left.first + left.second + right.first + right.second + 4 + kGap;
  const size_t columns = indent + two <= screen.width() ? 2 : 1;
  for (size_t i = 0; i < facts.size(); i += columns) {
    Line line("  ");
    if (i == 0) line.Add(label, Style::kDim);
    line.PadTo(indent);
    if (columns == 1) {
      std::vector<std::string> parts = Wrap(Printable(facts[i].first), name);
      for (size_t l = 0; l + 1 < parts.size(); ++l) {
        screen.Add(line.Add(parts[l]));
        line = Line().PadTo(indent);
      }
      line.Add(parts.back()).Right(facts[i].second, indent + name + 2 + all.second);
    } else {
      const int middle = indent + left.first + 2 + left.second;
      line.Add(facts[i].first).Right(facts[i].second, middle);
      if (i + 1 < facts.size()) {
        line.PadTo(middle + kGap).Add(facts[i + 1].first);
        line.Right(facts[i + 1].second, middle + kGap + right.first + 2 + right.second);
      }
    }
    screen.Add(line);
  }
}

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace plumbago::render
