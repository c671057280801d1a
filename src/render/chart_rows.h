// A figure as rows of "label, value": what both small and full charts of bars are drawn from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/document.h"

namespace plumbago::render {

struct ChartRow {
  std::string label;
  std::optional<double> value;  // nothing: a label that the rows below belong to
  bool published = false;
  bool below = false;  // belongs to the label above
  size_t series = 0;   // of the figure
};

struct ChartRows {
  std::vector<ChartRow> rows;
  document::Unit unit = document::Unit::kNone;
  size_t left_out = 0;  // bars beyond the limit
};

// Bars in the figure's order, the first `limit` labels; the bars of further series follow below
// each.
ChartRows BarRows(const document::Figure& figure, size_t limit, bool published);

// Bins of a histogram's first own series; neighbours are joined evenly until at most `limit` are
// left. A point's x is the lower end of its bin. Sums are right because y is a count or a share.
ChartRows HistogramRows(const document::Figure& figure, size_t limit);

// Quantiles of the first own series of a CDF (P(X <= x)) or CCDF (P(X > x)): the least x that
// reaches them.
ChartRows QuantileRows(const document::Figure& figure);

// The first series that is not a source's.
const document::Series* OwnSeries(const document::Figure& figure);

}  // namespace plumbago::render
