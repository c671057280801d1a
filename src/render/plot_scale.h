// From values to places on a picture: a linear or logarithmic axis with round ticks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/document.h"

namespace plumbago::render {

class PlotScale {
 public:
  // Values in [low, high] go to [from, to] (to < from: the axis points up). A logarithmic axis
  // shows positive values only; at most `span` decades below the largest, the rest is cut off.
  PlotScale(const document::Axis& axis, double low, double high, double from, double to,
            int decades = 12);

  // Nothing for what the axis cannot show; what lies outside is put on the edge.
  std::optional<double> At(double value) const;

  struct Tick {
    double at;
    std::string text;
  };
  // Between 2 and about `most`, at round values.
  std::vector<Tick> Ticks(size_t most) const;
  bool logarithmic() const { return logarithmic_; }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  document::Unit unit_;
  bool logarithmic_;
  double low_, high_, from_, to_;
};

// The smallest and largest of the values that an axis can show: finite, and positive on a
// logarithmic one.
class PlotRange {
 public:
  explicit PlotRange(bool logarithmic) : logarithmic_(logarithmic) {}
  void Add(double value);
  bool empty() const { return empty_; }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  bool logarithmic_;
  bool empty_ = true;
  double low_ = 0, high_ = 1;
};

}  // namespace plumbago::render
