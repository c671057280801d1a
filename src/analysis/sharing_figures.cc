#include "analysis/sharing_figures.h"

#include <algorithm>

#include "analysis/at_least.h"
#include "analysis/published.h"
#include "analysis/reference_google_rpc.h"
#include "analysis/share.h"

namespace plumbago::analysis {
namespace {

using document::Unit;

std::vector<uint32_t> MostCalledFirst(const SharedServices& all) {
  return all.Order(
      [](const SharedService& a, const SharedService& b) { return a.work.calls > b.work.calls; });
}

// Whether the n-th of `count` points is worth a place: all of the first ones, then steps of 2 %.
class Steps {
 public:
  explicit Steps(size_t count) : count_(count) {}
  bool Take(size_t n) {
    if (n < next_ && n != count_) return false;
    next_ = n + 1 + n / 50;
    return true;
  }

 private:
  size_t count_, next_ = 1;
};

document::Figure Popularity(const SharedServices& all) {
  document::Figure figure;
  figure.id = "popularity";
  figure.title = "Calls that the most called services take";
  figure.kind = document::FigureKind::kLine;
  figure.x = {"most called services", Unit::kCount, true};
  figure.y = {"share of the calls", Unit::kShare, false};
  document::Series& series = figure.series.emplace_back();
  series.name = "services";
  uint64_t calls = 0;
  size_t n = 0;
  Steps steps(all.services.size());
  for (const uint32_t i : MostCalledFirst(all)) {
    calls += all.services[i].work.calls;
    if (steps.Take(++n))
      series.points.push_back({static_cast<double>(n), *Share(calls, all.calls)});
  }
  figure.series.push_back(
      Published(GoogleMethodPopularity(), "methods of Google's RPC", kGoogleRpcSource));
  return figure;
}

// Slowest first, by mean own time: services whose calls are few but slow lift the curve at once.
document::Figure TimeAgainstCalls(const SharedServices& all) {
  document::Figure figure;
  figure.id = "time_against_calls";
  figure.title = "Own time in the slowest services, against their calls";
  figure.kind = document::FigureKind::kLine;
  figure.x = {"share of the calls, slowest services first", Unit::kShare, false};
  figure.y = {"share of the own time", Unit::kShare, false};
  document::Series& series = figure.series.emplace_back();
  series.name = "services";
  series.points.push_back({0, 0});
  const auto order = all.Order([](const SharedService& a, const SharedService& b) {
    // As products: means that are equal compare equal.
    return static_cast<UInt128>(a.work.self_ns) * b.work.self_known >
           static_cast<UInt128>(b.work.self_ns) * a.work.self_known;
  });
  uint64_t known = 0, calls = 0;
  for (const SharedService& one : all.services) known += one.work.self_known;
  UInt128 time = 0;
  size_t n = 0;
  Steps steps(order.size());
  for (const uint32_t i : order) {
    calls += all.services[i].work.self_known;
    time += all.services[i].work.self_ns;
    if (!steps.Take(++n)) continue;
    series.points.push_back(
        {*Share(calls, known), static_cast<double>(time) / static_cast<double>(all.self_ns)});
  }
  figure.series.push_back(
      Published(GoogleSlowestMethods(), "1,000 slowest methods of Google's RPC", kGoogleRpcSource));
  return figure;
}

document::Figure Callers(const SharedServices& all) {
  document::Figure figure;
  figure.id = "callers";
  figure.title = "Services with at least so many callers";
  figure.kind = document::FigureKind::kCcdf;
  figure.x = {"services that call it", Unit::kCount, true};
  figure.y = {"share of the services that are called", Unit::kShare, true};
  figure.series.push_back(AtLeast("services", all.callers, 1));
  return figure;
}

}  // namespace

std::vector<document::Figure> SharingFigures(const SharedServices& all) {
  std::vector<document::Figure> figures;
  if (all.calls == 0) return figures;
  figures.push_back(Popularity(all));
  if (all.self_ns > 0) figures.push_back(TimeAgainstCalls(all));
  if (all.callers.Count() > 0) figures.push_back(Callers(all));
  return figures;
}

std::optional<double> CallsOfTop(const SharedServices& all, size_t n) {
  uint64_t calls = 0;
  const std::vector<uint32_t> order = MostCalledFirst(all);
  for (size_t i = 0; i < std::min(n, order.size()); ++i) calls += all.services[order[i]].work.calls;
  return Share(calls, all.calls);
}

}  // namespace plumbago::analysis
