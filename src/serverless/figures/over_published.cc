#include "serverless/figures/over_published.h"

#include <fmt/format.h>

#include <utility>

namespace plumbago::serverless {

void AddCurve(document::Figure& figure, std::string name, std::vector<document::Point> points,
              const char* source) {
  if (points.empty()) return;
  document::Series& series = figure.series.emplace_back();
  series.name = std::move(name);
  series.points = std::move(points);
  series.published = source != nullptr;
  if (source != nullptr) series.source = source;
}

document::Figure OverPublished(const OwnCurve& own, std::vector<document::Point> points,
                               const PublishedCurve& published) {
  document::Figure figure;
  figure.id = own.id;
  figure.title = own.title;
  figure.kind = own.kind;
  figure.x = own.x;
  figure.y = own.y;
  AddCurve(figure, own.name, std::move(points), nullptr);
  const auto scaled = [&](std::span<const document::Point> of) {
    std::vector<document::Point> out(of.begin(), of.end());
    for (document::Point& point : out) point.x *= own.published_scale;
    return out;
  };
  AddCurve(figure, "the paper", scaled(published.paper), "ATC'20, read off the figure");
  AddCurve(figure, "the release", scaled(published.release), "Azure 2019, read off the figure");
  return figure;
}

PublishedPair PublishedAt(const PublishedCurve& curve, double x) {
  const auto at = [x](std::span<const document::Point> points) -> std::optional<double> {
    for (const document::Point& point : points) {
      if (point.x == x) return point.y;
    }
    return std::nullopt;
  };
  return {at(curve.paper), at(curve.release)};
}

}  // namespace plumbago::serverless
