#include "render/figure_table.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "render/quantity.h"
#include "render/thin.h"

namespace plumbago::render {
namespace {

using document::Cell;
using document::Figure;
using document::FigureKind;
using document::Table;
using document::Unit;

void FillLinks(const Figure& figure, size_t rows, Table& table) {
  table.columns = {{"caller", "caller", Unit::kNone, ""},
                   {"callee", "callee", Unit::kNone, ""},
                   {"kind", "kind", Unit::kNone, ""},
                   {"calls", "calls", Unit::kCount, ""},
                   {"p50", "p50", Unit::kNanoseconds, ""},
                   {"p99", "p99", Unit::kNanoseconds, ""},
                   {"total", "waited, total", Unit::kNanoseconds, ""}};
  const auto name = [&](uint32_t node) {
    return node < figure.nodes.size() ? Cell(figure.nodes[node].name) : Cell();
  };
  for (const document::GraphLink& link : figure.links) {
    if (table.rows.size() == rows) break;
    table.rows.push_back({name(link.caller), name(link.callee), link.kind,
                          static_cast<int64_t>(std::min<uint64_t>(link.calls, INT64_MAX)),
                          document::CellOf(link.p50_ns), document::CellOf(link.p99_ns),
                          link.total_ns});
  }
  table.more_rows = figure.links.size() - table.rows.size();
}

void FillCells(const Figure& figure, size_t rows, Table& table) {
  table.columns = {{"x", AxisTitle(figure.x, "x"), Unit::kNone, ""},
                   {"y", AxisTitle(figure.y, "y"), Unit::kNone, ""},
                   {"value", AxisTitle(figure.value, "value"), figure.value.unit, ""}};
  std::vector<const document::HeatCell*> order;
  order.reserve(figure.cells.size());
  for (const document::HeatCell& cell : figure.cells) order.push_back(&cell);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::isnan(b->value) ? !std::isnan(a->value) : a->value > b->value;
  });
  for (const document::HeatCell* cell : order) {
    if (table.rows.size() == rows) break;
    table.rows.push_back({Range(cell->x_low, cell->x_high, figure.x.unit),
                          Range(cell->y_low, cell->y_high, figure.y.unit), cell->value});
  }
  table.more_rows = order.size() - table.rows.size();
}

std::string LabelOf(const Figure& figure, double x) {
  if (x >= 0 && x < static_cast<double>(figure.labels.size())) {
    return figure.labels[static_cast<size_t>(x)];
  }
  return Quantity(x, figure.x.unit);
}

void FillPoints(const Figure& figure, size_t rows, Table& table) {
  const bool several = figure.series.size() > 1;
  const bool bars = figure.kind == FigureKind::kBars || figure.kind == FigureKind::kStackedBars;
  if (several) table.columns.push_back({"series", "series", Unit::kNone, ""});
  table.columns.push_back(
      {"x", AxisTitle(figure.x, bars ? "" : "x"), bars ? Unit::kNone : figure.x.unit, ""});
  table.columns.push_back({"y", AxisTitle(figure.y, "y"), figure.y.unit, ""});
  size_t points = 0;
  for (const document::Series& series : figure.series) points += series.points.size();
  const size_t each = figure.series.empty() ? 0 : std::max<size_t>(rows / figure.series.size(), 2);
  const bool curve = figure.kind == FigureKind::kCdf || figure.kind == FigureKind::kCcdf ||
                     figure.kind == FigureKind::kLine;
  for (const document::Series& series : figure.series) {
    const size_t kept = curve ? each : rows;
    for (const document::Point& point : curve ? Thinned(series.points, kept) : series.points) {
      if (table.rows.size() >= rows) break;
      auto& row = table.rows.emplace_back();
      if (several) row.emplace_back(series.name.empty() ? "series" : series.name);
      row.push_back(bars ? Cell(LabelOf(figure, point.x)) : Cell(point.x));
      row.emplace_back(point.y);
    }
  }
  table.more_rows = points - table.rows.size();
}

}  // namespace

std::string AxisTitle(const document::Axis& axis, const char* unnamed) {
  return axis.title.empty() ? unnamed : axis.title;
}

Table FigureTable(const Figure& figure, size_t rows) {
  Table table;
  table.id = figure.id;
  table.title = figure.title;
  if (figure.kind == FigureKind::kGraph) {
    FillLinks(figure, rows, table);
  } else if (figure.kind == FigureKind::kHeatMap) {
    FillCells(figure, rows, table);
  } else {
    FillPoints(figure, rows, table);
  }
  return table;
}

}  // namespace plumbago::render
