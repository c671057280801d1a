#include "render/plot_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "render/quantity.h"

namespace plumbago::render {
namespace {

constexpr double kMost = 1e300;

// Short: 1 ms and not 1.00 ms, 10 k and not 10,000.
std::string TickText(double value, document::Unit unit) {
  const bool count = unit == document::Unit::kCount || unit == document::Unit::kNone;
  const char* suffix = "";
  if (count && std::fabs(value) >= 9999.5 && std::fabs(value) < 1e15) {
    for (const char* next : {" k", " M", " G", " T"}) {
      if (std::fabs(value) < 999.5) break;
      value /= 1000;
      suffix = next;
    }
  }
  std::string text = Quantity(value, unit);
  // "1.00e-07" and "1.20 ms": digits after the point that say nothing go.
  const size_t point = text.find('.');
  if (point == std::string::npos) return text + suffix;
  size_t end = point + 1;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  size_t keep = end;
  while (keep > point + 1 && text[keep - 1] == '0') --keep;
  if (keep == point + 1) --keep;
  return text.erase(keep, end - keep) + suffix;
}

// 1, 2 or 5 times a power of ten, at least `value` (> 0).
double RoundUp(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= value * (1 - 1e-9)) return step * power;
  }
  return 10 * power;
}

}  // namespace

void PlotRange::Add(double value) {
  if (!std::isfinite(value) || std::fabs(value) > kMost) return;
  if (logarithmic_ && value < 1e-300) return;
  low_ = empty_ ? value : std::min(low_, value);
  high_ = empty_ ? value : std::max(high_, value);
  empty_ = false;
}

PlotScale::PlotScale(const document::Axis& axis, double low, double high, double from, double to,
                     int decades)
    : unit_(axis.unit),
      logarithmic_(axis.logarithmic),
      low_(low),
      high_(high),
      from_(from),
      to_(to) {
  if (logarithmic_) {
    high_ = high_ > 0 ? high_ : 1;
    low_ = std::max(low_ > 0 ? low_ : high_ / 10, high_ * std::pow(10.0, -decades));
    if (high_ / low_ < 10) {  // less than a decade says nothing on this axis
      const double middle = std::sqrt(high_) * std::sqrt(low_), root = std::sqrt(10.0);
      low_ = std::min(low_, middle / root);
      high_ = std::max(high_, middle * root);
    }
  } else if (!(high_ > low_)) {
    const double half = low_ == 0 ? 1 : std::fabs(low_) / 2;
    low_ -= half;
    high_ += half;
  }
}

std::optional<double> PlotScale::At(double value) const {
  if (std::isnan(value) || (logarithmic_ && value <= 0)) return std::nullopt;
  value = std::clamp(value, low_, high_);
  const double share =
      logarithmic_ ? (std::log10(value) - std::log10(low_)) / (std::log10(high_) - std::log10(low_))
                   : value / (high_ - low_) - low_ / (high_ - low_);
  if (!std::isfinite(share)) return std::nullopt;
  return from_ + share * (to_ - from_);
}

std::vector<PlotScale::Tick> PlotScale::Ticks(size_t most) const {
  std::vector<Tick> ticks;
  const auto add = [&](double value) {
    if (value < low_ * (low_ > 0 ? 1 - 1e-9 : 1 + 1e-9) || value > high_ + std::fabs(high_) * 1e-9)
      return;
    const std::optional<double> at = At(value);
    if (at) ticks.push_back({*at, TickText(value, unit_)});
  };
  if (logarithmic_) {
    const int first = static_cast<int>(std::floor(std::log10(low_)));
    const int last = static_cast<int>(std::ceil(std::log10(high_)));
    const int step = std::max(1, (last - first) / static_cast<int>(std::max<size_t>(most, 1)) + 1);
    const bool fine = last - first <= 2;
    for (int power = first; power <= last; power += step) {
      add(std::pow(10.0, power));
      if (fine) {
        add(2 * std::pow(10.0, power));
        add(5 * std::pow(10.0, power));
      }
    }
    return ticks;
  }
  const double step = RoundUp((high_ - low_) / static_cast<double>(std::max<size_t>(most, 1)));
  if (!std::isfinite(step) || !(step > 0)) return ticks;
  const double first = std::ceil(low_ / step - 1e-9);
  for (size_t i = 0; i <= 2 * most; ++i) {
    const double value = (first + static_cast<double>(i)) * step;
    add(std::fabs(value) < step * 1e-6 ? 0 : value);
  }
  return ticks;
}

}  // namespace plumbago::render
