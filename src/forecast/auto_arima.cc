#include "forecast/auto_arima.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "forecast/unit_root.h"

namespace plumbago::forecast {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr size_t kMostOrders = 94;
constexpr double kLeastRoot = 1.01;

// p and q one lower or higher, in R's order.
constexpr std::array<std::pair<int, int>, 8> kMoves = {
    {{-1, 0}, {0, -1}, {1, 0}, {0, 1}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}}};

class Search {
 public:
  Search(std::span<const double> series, size_t d, size_t most)
      : series_(series), d_(d), most_(std::min(most, series.size() / 3)) {}

  AutoArimaResult Run() {
    const bool may_constant = d_ < 2;
    const size_t first = std::min<size_t>(series_.size() < 10 ? 1 : 2, most_);
    Try({first, d_, first, may_constant});
    Try({0, d_, 0, may_constant});
    if (most_ > 0) {
      Try({1, d_, 0, may_constant});
      Try({0, d_, 1, may_constant});
    }
    ArimaOrder at = best_.order;
    if (may_constant) {
      // As in R: if it is the best, its neighbours are those with a constant all the same.
      if (Try({0, d_, 0, false})) at = {0, d_, 0, true};
    }
    for (bool moved = true; moved && tried_.size() < kMostOrders;) {
      moved = false;
      for (const auto& [p, q] : kMoves) {
        ArimaOrder next = at;
        if ((p < 0 && at.p == 0) || (q < 0 && at.q == 0) || (p > 0 && at.p == most_) ||
            (q > 0 && at.q == most_))
          continue;
        next.p = at.p + static_cast<size_t>(p + 1) - 1;
        next.q = at.q + static_cast<size_t>(q + 1) - 1;
        if (Try(next)) {
          at = next;
          moved = true;
          break;
        }
      }
      if (moved || !may_constant) continue;
      ArimaOrder next = at;
      next.constant = !at.constant;
      if (Try(next)) {
        at = next;
        moved = true;
      }
    }
    if (!found_) {
      const auto fit = FitArima(series_, {0, d_, 0, may_constant && series_.size() > d_ + 1});
      if (fit) best_ = *fit;
    }
    return {best_, tried_.size(), calls_};
  }

 private:
  // Whether it is better than all before.
  bool Try(const ArimaOrder& order) {
    if (std::find(tried_.begin(), tried_.end(), order) != tried_.end()) return false;
    tried_.push_back(order);
    auto fit = FitArima(series_, order);
    if (!fit) return false;
    calls_ += fit->calls;
    Lags ma = fit->arma.ma;
    for (double& lag : ma) lag = -lag;
    if (!RootsBeyond(fit->arma.ar, order.p, kLeastRoot) || !RootsBeyond(ma, order.q, kLeastRoot))
      return false;
    const double criterion = series_.size() <= 3 ? fit->aic() : fit->aicc();
    if (!(criterion < criterion_)) return false;
    criterion_ = criterion;
    best_ = *fit;
    found_ = true;
    return true;
  }

  const std::span<const double> series_;
  const size_t d_, most_;
  std::vector<ArimaOrder> tried_;
  ArimaFit best_;
  double criterion_ = kInfinity;
  bool found_ = false;
  int calls_ = 0;
};

}  // namespace

std::optional<AutoArimaResult> AutoArima(std::span<const double> series, size_t most_lags) {
  for (const double value : series) {
    if (!std::isfinite(value)) return std::nullopt;
  }
  if (series.empty()) return std::nullopt;
  const auto plain = [&](size_t d, bool constant) -> std::optional<AutoArimaResult> {
    auto fit = FitArima(series, {0, d, 0, constant});
    if (!fit) fit = FitArima(series, {0, d, 0, false});
    if (!fit) return std::nullopt;
    return AutoArimaResult{*fit, 1, 0};
  };
  if (series.size() == 1) return plain(1, false) ? plain(1, false) : plain(0, false);
  if (IsConstant(series)) return plain(0, true);
  const size_t d = std::min(NeededDifferences(series), series.size() - 1);
  if (IsConstant(Differenced(series, d))) return plain(d, d < 2);
  return Search(series, d, std::min(most_lags, kMostLags)).Run();
}

}  // namespace plumbago::forecast
