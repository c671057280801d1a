#include "render/stacked_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "render/quantity.h"
#include "render/stacked.h"
#include "render/text_width.h"

namespace plumbago::render {

Lines DrawStackedBars(const document::Figure& figure, int width) {
  const std::vector<StackedBar> bars = StackedBarsOf(figure);
  double most = 0;
  int label_width = 0, value_width = 0;
  for (const StackedBar& bar : bars) {
    most = std::max(most, bar.total);
    label_width = std::max(label_width, TextWidth(bar.label));
    value_width = std::max(value_width, TextWidth(Quantity(bar.total, figure.y.unit)));
  }
  Lines lines;
  if (most <= 0) return lines;
  label_width = std::min(label_width, width / 3);
  const int room = std::max(width - label_width - value_width - 2, 1);
  for (const StackedBar& bar : bars) {
    std::string drawn;
    double end = 0;
    for (size_t s = 0; s < bar.parts.size(); ++s) {
      end += bar.parts[s];
      const auto columns = static_cast<size_t>(std::lround(end / most * room));
      if (columns > drawn.size()) drawn.append(columns - drawn.size(), static_cast<char>('1' + s));
    }
    Line line(CutMiddle(bar.label, label_width));
    line.PadTo(label_width + 1).Add(drawn);
    line.Right(Quantity(bar.total, figure.y.unit), width);
    lines.push_back(line);
  }
  for (size_t s = 0; s < std::min(figure.series.size(), kStackedSeries); ++s) {
    lines.push_back(
        Line(std::string(static_cast<size_t>(label_width) + 1, ' '))
            .Add(fmt::format("{} {}", s + 1,
                             CutMiddle(figure.series[s].name, width - label_width - 3))));
  }
  return lines;
}

}  // namespace plumbago::render
