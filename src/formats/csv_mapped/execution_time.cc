#include "formats/csv_mapped/execution_time.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "formats/csv_mapped/cell_time.h"

namespace plumbago::formats {
namespace {

bool ParseWhole(std::string_view text, double& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

// The number that `text` begins with, which is taken away.
std::string_view TakeNumber(std::string_view& text) {
  const size_t end = text.find_first_not_of("0123456789.");
  const std::string_view number = text.substr(0, end);
  text.remove_prefix(number.size());
  return number;
}

}  // namespace

std::optional<uint8_t> UnitBySize(std::string_view number) {
  double value = 0;
  if (!ParseWhole(number, value)) return std::nullopt;
  constexpr std::pair<double, uint8_t> kUnits[] = {{1e9, 9}, {1e12, 6}, {1e15, 3}, {1e18, 0}};
  for (const auto& [least, power] : kUnits) {
    if (value >= least && value <= 4 * least) return power;
  }
  return std::nullopt;
}

std::optional<uint8_t> UnitOfName(std::string_view name) {
  constexpr std::pair<std::string_view, uint8_t> kEnds[] = {
      {"_ns", 0}, {"_us", 3}, {"_ms", 6}, {"_s", 9}, {"_seconds", 9}};
  for (const auto& [end, power] : kEnds) {
    if (name.ends_with(end)) return power;
  }
  return std::nullopt;
}

bool ParseWrittenDuration(std::string_view text, int64_t& ns) {
  constexpr std::pair<std::string_view, int64_t> kUnits[] = {
      {"ns", 1},         {"us", 1'000},        {"µs", 1'000},  // U+00B5
      {"μs", 1'000},                                           // U+03BC
      {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return false;
  int64_t sum = 0;
  while (!text.empty()) {
    const std::string_view number = TakeNumber(text);
    const std::string_view unit = text.substr(0, text.find_first_of("0123456789."));
    text.remove_prefix(unit.size());
    int64_t scale = 0;
    for (const auto& [name, of] : kUnits) {
      if (unit == name) scale = of;
    }
    // Minutes and hours are whole multiples of the seconds that are parsed.
    const int64_t times = scale > 1'000'000'000 ? scale / 1'000'000'000 : 1;
    uint8_t power = 0;
    for (int64_t one = scale / times; one > 1; one /= 10) ++power;
    int64_t part = 0;
    if (scale == 0 || number.empty() || !ParseScaledSlowly(number, power, part)) return false;
    if (part > (kMostNs - sum) / times) return false;
    sum += part * times;
  }
  ns = negative ? -sum : sum;
  return true;
}

bool ParseAnyAmount(std::string_view text, std::string_view name, double& mb) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"B", 1},        {"K", 0x1p10},  {"KB", 0x1p10}, {"kB", 0x1p10}, {"Ki", 0x1p10},
      {"KiB", 0x1p10}, {"M", 0x1p20},  {"MB", 0x1p20}, {"Mi", 0x1p20}, {"MiB", 0x1p20},
      {"G", 0x1p30},   {"GB", 0x1p30}, {"Gi", 0x1p30}, {"GiB", 0x1p30}};
  std::string_view rest = text;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !(value >= 0) || !(value < 1e15)) return false;
  rest.remove_prefix(static_cast<size_t>(end - text.data()));
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  double scale = 0;
  if (rest.empty()) {
    scale = name.ends_with("_bytes")                   ? 1
            : name.ends_with("_kb")                    ? 0x1p10
            : name.ends_with("_mb") || value < 100'000 ? 0x1p20
                                                       : 1;
  }
  for (const auto& [unit, bytes] : kUnits) {
    if (rest == unit) scale = bytes;
  }
  mb = value * scale / 0x1p20;
  return scale > 0;
}

}  // namespace plumbago::formats
