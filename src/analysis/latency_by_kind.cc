#include "analysis/latency_by_kind.h"

#include <algorithm>
#include <vector>

#include "analysis/published.h"
#include "analysis/reference_http_latency.h"
#include "analysis/whole_ticks.h"

namespace plumbago::analysis {
namespace {

constexpr size_t kMostKinds = 4;
constexpr double kStep = 1.08;  // between points: a picture shows no more

// Share of the calls that take x or longer. What takes no time stands in the first point's share
// only: a logarithmic axis has no 0.
document::Series Curve(model::Kind kind, const statistics::QuantileSketch& latency_ns,
                       int64_t tick_ns) {
  document::Series series;
  series.name = model::KindName(kind);
  const auto all = static_cast<double>(latency_ns.count());
  uint64_t left = latency_ns.count();
  double next = 0;
  const auto buckets = latency_ns.Buckets();
  for (size_t i = 0; i < buckets.size(); ++i) {
    const double x = std::max(WholeTicks(buckets[i].Value(), tick_ns), 0.0);
    if (x > 0 && (x >= next || i + 1 == buckets.size())) {
      if (series.points.empty() || x > series.points.back().x) {
        series.points.push_back({x, static_cast<double>(left) / all});
      }
      next = x * kStep;
    }
    left -= buckets[i].count;
  }
  return series;
}

}  // namespace

void LatencyByKind::Add(model::Kind kind, const statistics::QuantileSketch& latency_ns) {
  latency_ns_[static_cast<size_t>(kind)].Merge(latency_ns);
}

document::Figure LatencyByKind::Draw(int64_t tick_ns) const {
  document::Figure figure;
  figure.id = "latency_by_kind";
  figure.title = "Calls that take at least so long, by kind";
  figure.kind = document::FigureKind::kCcdf;
  figure.x = {"latency", document::Unit::kNanoseconds, true};
  figure.y = {"share of the kind's calls", document::Unit::kShare, true};
  std::vector<model::Kind> order;
  for (size_t kind = 0; kind < model::kKinds; ++kind) {
    if (latency_ns_[kind].max() > 0) order.push_back(static_cast<model::Kind>(kind));
  }
  const auto calls = [this](model::Kind kind) {
    return latency_ns_[static_cast<size_t>(kind)].count();
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](model::Kind a, model::Kind b) { return calls(a) > calls(b); });
  order.resize(std::min(order.size(), kMostKinds));
  for (const model::Kind kind : order) {
    figure.series.push_back(Curve(kind, latency_ns_[static_cast<size_t>(kind)], tick_ns));
  }
  if (!order.empty()) {
    figure.series.push_back(Published(AlibabaHttpLatency(), "HTTP calls", kHttpLatencySource));
  }
  return figure;
}

}  // namespace plumbago::analysis
