#include "render/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Unit;

std::string Grouped(std::string digits) {
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

// Three significant digits of a value >= 0, more where whole digits need them: 0.00123, 1.23, 12.3,
// 1,234.
std::string Digits(double value) {
  if (value == 0) return "0";
  if (value < 1e-6 || value >= 1e15) return fmt::format("{:.2e}", value);
  if (value >= 999.5) return Grouped(fmt::format("{:.0f}", value));
  int decimals = 2 - static_cast<int>(std::floor(std::log10(value)));
  // 9.996 would be printed as 10.00: rounding makes a digit too many.
  if (value >= std::pow(10.0, 3 - decimals) - 0.5 * std::pow(10.0, -decimals)) --decimals;
  return fmt::format("{:.{}f}", value, std::max(decimals, 0));
}

template <size_t n>
using Steps = std::array<std::pair<double, const char*>, n>;

// A value >= 0 in the largest step that leaves `least` of it (0.9995 is enough for 1: it is printed
// as 1.00).
template <size_t n>
std::string Scaled(double value, const Steps<n>& steps, double least = 1) {
  size_t step = 0;
  while (step + 1 < n && value >= steps[step + 1].first * least * 0.9995) ++step;
  return Digits(value / steps[step].first) + steps[step].second;
}

std::string Share(double share) {
  const double percent = share * 100;
  if (percent >= 99.95 && percent < 100) {
    if (percent >= 99.995) return ">99.99 %";
    return fmt::format("{:.2f} %", percent);
  }
  return (percent == 100 ? "100" : Digits(percent)) + " %";
}

std::string Positive(double value, Unit unit) {
  constexpr Steps<4> kTime = {{{1, " ns"}, {1e3, " µs"}, {1e6, " ms"}, {1e9, " s"}}};
  constexpr Steps<3> kLongTime = {{{60e9, " min"}, {3600e9, " h"}, {86400e9, " d"}}};
  constexpr Steps<6> kSize = {
      {{1, " B"}, {1e3, " kB"}, {1e6, " MB"}, {1e9, " GB"}, {1e12, " TB"}, {1e15, " PB"}}};
  constexpr Steps<4> kRate = {{{1, "/s"}, {1e3, " k/s"}, {1e6, " M/s"}, {1e9, " G/s"}}};
  const bool whole = value < 1e15 && value == std::floor(value);
  switch (unit) {
    case Unit::kNone:
    case Unit::kCount:
      return whole ? Grouped(fmt::format("{:.0f}", value)) : Digits(value);
    case Unit::kShare:
      return Share(value);
    case Unit::kNanoseconds:
      if (value == 0) return "0 ms";
      if (value < 1000 && whole) return fmt::format("{:.0f} ns", value);
      // 90 s say more than 1.50 min: the long units start at two of them.
      return value < 120e9 ? Scaled(value, kTime) : Scaled(value, kLongTime, 2);
    case Unit::kBytes:
      if (value < 1000 && whole) return fmt::format("{:.0f} B", value);
      return Scaled(value, kSize);
    case Unit::kPerSecond:
      return Scaled(value, kRate);
    case Unit::kRatio:
      return Digits(value) + "×";
  }
  return Digits(value);
}

}  // namespace

std::string Count(uint64_t count) { return Grouped(fmt::format("{}", count)); }

std::string Quantity(double value, Unit unit) {
  if (std::isnan(value)) return kCannotSay;
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  return value < 0 ? "−" + Positive(-value, unit) : Positive(value, unit);
}

std::string Quantity(std::optional<double> value, Unit unit) {
  return value ? Quantity(*value, unit) : kCannotSay;
}

std::optional<double> Number(const document::Cell& cell) {
  if (const auto* whole = std::get_if<int64_t>(&cell)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  return std::nullopt;
}

std::string Quantity(const document::Cell& cell, Unit unit) {
  if (const auto* text = std::get_if<std::string>(&cell)) return Printable(*text);
  if (const auto* whole = std::get_if<int64_t>(&cell); whole && unit == Unit::kCount) {
    const uint64_t size =
        *whole < 0 ? 0 - static_cast<uint64_t>(*whole) : static_cast<uint64_t>(*whole);
    return (*whole < 0 ? "−" : "") + Count(size);
  }
  return Quantity(Number(cell), unit);
}

std::string Change(double change) {
  if (std::isnan(change)) return kCannotSay;
  const std::string text = Quantity(change, Unit::kShare);
  return change > 0 ? "+" + text : text;
}

std::string Range(std::optional<double> low, std::optional<double> high, Unit unit) {
  if (!low && !high) return kCannotSay;
  if (!low) return "at most " + Quantity(*high, unit);
  if (!high) return "at least " + Quantity(*low, unit);
  std::string from = Quantity(*low, unit);
  const std::string to = Quantity(*high, unit);
  if (from == to) return from;
  // "7.9 – 9.6 %": the unit once where both have the same. Units begin after the last digit.
  const auto unit_of = [](const std::string& text) {
    const size_t digit = text.find_last_of("0123456789");
    return digit == std::string::npos ? std::string() : text.substr(digit + 1);
  };
  const std::string suffix = unit_of(to);
  const bool shared = !suffix.empty() && unit_of(from) == suffix;
  return (shared ? from.substr(0, from.size() - suffix.size()) : from) + " – " + to;
}

}  // namespace plumbago::render
