#include "render/grid.h"

#include <algorithm>
#include <numeric>

#include "render/text_width.h"

namespace plumbago::render {
namespace {

constexpr int kLeastText = 12;
constexpr size_t kTitleLines = 2;

// The least width at which a title takes at most two lines and breaks no word.
int TitleWidth(const std::string& title) {
  int width = 1;
  size_t start = 0;
  while (start <= title.size()) {
    const size_t end = std::min(title.find(' ', start), title.size());
    width = std::max(width, TextWidth(std::string_view(title).substr(start, end - start)));
    start = end + 1;
  }
  while (Wrap(title, width).size() > kTitleLines) ++width;
  return width;
}

struct Layout {
  const Grid* grid;
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
  std::vector<int> least, natural;
};

// Titles on one line where the columns fit so, else on up to two.
Layout Measure(const Grid& grid, bool wrap_titles) {
  Layout layout{&grid, {}, {}, {}, {}};
  for (const GridColumn& column : grid.columns) {
    layout.titles.push_back(Printable(column.title));
    const std::string& printable = layout.titles.back();
    const int title = wrap_titles ? TitleWidth(printable) : TextWidth(printable);
    layout.least.push_back(title);
    layout.natural.push_back(title);
  }
  for (const auto& row : grid.rows) {
    auto& printed = layout.rows.emplace_back(grid.columns.size());
    for (size_t c = 0; c < std::min(row.size(), grid.columns.size()); ++c) {
      printed[c] = Printable(row[c]);
      layout.natural[c] = std::max(layout.natural[c], TextWidth(printed[c]));
    }
  }
  for (size_t c = 0; c < grid.columns.size(); ++c) {
    const Fill fill = grid.columns[c].fill;
    const int floor =
        fill == Fill::kNumber || fill == Fill::kWhole ? layout.natural[c] : kLeastText;
    layout.least[c] = std::min(std::max(layout.least[c], floor), layout.natural[c]);
  }
  return layout;
}

int Total(const Layout& layout, const std::vector<size_t>& columns,
          const std::vector<int>& widths) {
  int total = layout.grid->gap * (static_cast<int>(columns.size()) - 1);
  for (const size_t c : columns) total += widths[c];
  return total;
}

// Natural widths, the widest column of text made narrower until all fit.
std::vector<int> Shrink(const Layout& layout, const std::vector<size_t>& columns, int width) {
  std::vector<int> widths = layout.natural;
  for (int over = Total(layout, columns, widths) - width; over > 0; --over) {
    size_t widest = columns.size();
    for (size_t i = 0; i < columns.size(); ++i) {
      const size_t c = columns[i];
      if (widths[c] > layout.least[c] &&
          (widest == columns.size() || widths[c] > widths[columns[widest]])) {
        widest = i;
      }
    }
    if (widest == columns.size()) break;
    --widths[columns[widest]];
  }
  return widths;
}

std::vector<std::string> Fit(const std::string& cell, Fill fill, int width) {
  if (fill == Fill::kProse) return Wrap(cell, width);
  if (fill != Fill::kName) return {cell};
  // What was shortened before keeps its one "…" at the end.
  const bool shortened = cell.ends_with("…");
  return {shortened ? CutEnd(cell, width) : CutMiddle(cell, width)};
}

void AddRow(const Layout& layout, const std::vector<size_t>& columns,
            const std::vector<int>& widths, const std::vector<std::vector<std::string>>& cells,
            bool bottom, int indent, Style style, Lines& lines) {
  size_t height = 1;
  for (const auto& cell : cells) height = std::max(height, cell.size());
  for (size_t l = 0; l < height; ++l) {
    Line line(std::string(static_cast<size_t>(indent), ' '));
    int at = indent;
    for (size_t i = 0; i < columns.size(); ++i) {
      const size_t c = columns[i];
      const size_t skipped = bottom ? height - cells[i].size() : 0;
      const std::string text =
          l >= skipped && l - skipped < cells[i].size() ? cells[i][l - skipped] : "";
      line.PadTo(at);
      if (layout.grid->columns[c].fill == Fill::kNumber) {
        line.Right(text, at + widths[c], style);
      } else {
        line.Add(text, style);
      }
      at += widths[c] + layout.grid->gap;
    }
    lines.push_back(std::move(line));
  }
}

void AddBlock(const Layout& layout, const std::vector<size_t>& columns, int width, int indent,
              Lines& lines) {
  const std::vector<int> widths = Shrink(layout, columns, width);
  std::vector<std::vector<std::string>> cells;
  bool titled = false;
  for (const size_t c : columns) {
    cells.push_back(Wrap(layout.titles[c], widths[c]));
    titled = titled || !layout.titles[c].empty();
  }
  if (titled) AddRow(layout, columns, widths, cells, true, indent, Style::kDim, lines);
  for (const auto& row : layout.rows) {
    cells.clear();
    for (const size_t c : columns)
      cells.push_back(Fit(row[c], layout.grid->columns[c].fill, widths[c]));
    AddRow(layout, columns, widths, cells, false, indent, Style::kPlain, lines);
  }
}

}  // namespace

LaidOut LayOut(const Grid& grid, int width, int indent, size_t blocks) {
  LaidOut out;
  if (grid.columns.empty()) return out;
  const int room = std::max(width - indent, 1);
  std::vector<size_t> all(grid.columns.size());
  std::iota(all.begin(), all.end(), size_t{0});
  Layout layout = Measure(grid, false);
  if (Total(layout, all, layout.natural) > room) layout = Measure(grid, true);
  size_t next = 0;
  for (size_t block = 0; next < grid.columns.size(); ++block) {
    if (block == blocks) {
      out.columns_left_out = grid.columns.size() - next;
      break;
    }
    std::vector<size_t> columns;
    if (block > 0) {
      columns.push_back(0);
      out.lines.emplace_back();
    }
    const size_t had = columns.size();
    while (next < grid.columns.size()) {
      columns.push_back(next);
      if (columns.size() > had + 1 && Total(layout, columns, layout.least) > room) {
        columns.pop_back();
        break;
      }
      ++next;
    }
    AddBlock(layout, columns, room, indent, out.lines);
  }
  return out;
}

}  // namespace plumbago::render
