#include "base/progress.h"

#include <cmath>
#include <fmt/format.h>

#include <array>

#include "base/clock.h"
#include "base/log.h"

namespace plumbago {

namespace {

constexpr int64_t kFirstMs = 500;
constexpr int64_t kEveryMs = 100;

std::string Scaled(double value, std::string_view unit) {
  constexpr std::array kPrefixes = {"", "k", "M", "G", "T", "P", "E"};
  size_t prefix = 0;
  while (value >= 999.5 && prefix + 1 < kPrefixes.size()) {
    value /= 1000;
    ++prefix;
  }
  const int digits = prefix == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}{}", value, digits, kPrefixes[prefix], unit);
}

}  // namespace

std::string BytesText(uint64_t bytes) { return Scaled(static_cast<double>(bytes), "B"); }

std::string SecondsText(double seconds) {
  const auto whole = static_cast<uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string ProgressText(std::string_view what, uint64_t done, uint64_t total, double seconds,
                         Progress::Unit unit) {
  const std::string_view name = unit == Progress::Unit::kBytes ? "B" : "";
  const auto text = [&](double value) {
    std::string scaled = Scaled(value, name);
    if (scaled.ends_with(' ')) scaled.pop_back();
    return scaled;
  };
  const auto amount = static_cast<double>(done);
  const double rate = seconds > 0 ? amount / seconds : 0;
  std::string line = fmt::format("{}  {}", what, text(amount));
  if (total > 0) {
    const auto whole = static_cast<double>(total);
    line += fmt::format(" of {}  {:.0f} %", text(whole), whole > 0 ? 100 * amount / whole : 0);
  }
  if (rate > 0) line += fmt::format("  {}/s", text(rate));
  if (rate > 0 && total > done) {
    line += fmt::format("  {} left", SecondsText(static_cast<double>(total - done) / rate));
  }
  return line;
}

Progress::Progress(std::string_view what, uint64_t total, bool show, Unit unit)
    : what_(what),
      total_(total),
      unit_(unit),
      begin_(MonotonicSeconds()),
      shown_(show && StderrIsTerminal()),
      next_ms_(kFirstMs) {}

Progress::~Progress() { Finish(); }

void Progress::Update(uint64_t done) {
  if (!shown_.load(std::memory_order_relaxed)) return;
  const double seconds = MonotonicSeconds() - begin_;
  const auto now = static_cast<int64_t>(seconds * 1000);
  int64_t next = next_ms_.load(std::memory_order_relaxed);
  if (now < next || !next_ms_.compare_exchange_strong(next, now + kEveryMs)) return;
  SetStatusLine(ProgressText(what_, done, total_, seconds, unit_));
}

void Progress::Finish() {
  if (shown_.exchange(false)) SetStatusLine("");
}

}  // namespace plumbago
