#include "render/waterfall.h"

#include <fmt/format.h>

#include <algorithm>

#include "render/quantity.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Unit;

std::string TimeText(int64_t ns) { return Quantity(static_cast<double>(ns), Unit::kNanoseconds); }

std::string NameOf(const WaterfallSpan& span) {
  std::string name;
  if (span.depth > kWaterfallLevels) {
    name = fmt::format("{:>{}} ", fmt::format("·{}·", span.depth), 2 * kWaterfallLevels);
  }
  for (const char level : span.levels) {
    name += level == '|' ? "│ " : level == '+' ? "├ " : level == '`' ? "└ " : "  ";
  }
  if (!span.same_service || span.operation.empty()) {
    name += ShortName(Printable(span.service.empty() ? "?" : span.service));
    if (!span.operation.empty()) name += "  ";
  }
  return name + Printable(span.operation);
}

std::string Notes(const WaterfallSpan& span) {
  std::string notes;
  if (span.error) notes += " ✗";
  if (span.inserted) notes += " (lost)";
  if (span.asynchronous) notes += " (async)";
  return notes;
}

// Of column `column`; below 0: so far apart.
double Covered(double begin, double end, int column) {
  return std::min<double>(end, column + 1) - std::max<double>(begin, column);
}

// A column is drawn where the span fills more than half of it, and where the span begins; it is
// full where the path has at least half of what the span has there.
std::string Bar(const Waterfall& waterfall, const WaterfallSpan& span, int width) {
  if (!span.timed) return {};
  const auto total = std::max<double>(1, static_cast<double>(waterfall.end_ns));
  const auto place = [&](int64_t ns) { return static_cast<double>(ns) / total * width; };
  constexpr double kNoLength = 1e-9;
  const double begin = place(span.start_ns);
  const double end = std::max(place(span.start_ns + span.duration_ns), begin + kNoLength);
  const int first = static_cast<int>(std::min<double>(begin, width - 1));
  std::string bar;
  for (int column = 0; column < width; ++column) {
    const double own = Covered(begin, end, column);
    if (own <= 0.5 && column != first) {
      bar += ' ';
      continue;
    }
    double path = 0;
    for (const WaterfallSpan::Part& part : span.on_path) {
      path += std::max(0.0, Covered(place(part.start_ns), place(part.end_ns), column));
    }
    bar += path > 0 && path >= 0.5 * std::max(own, kNoLength) ? "█" : "▒";
  }
  return bar;
}

int64_t OnPath(const WaterfallSpan& span) {
  int64_t sum = 0;
  for (const WaterfallSpan::Part& part : span.on_path) sum += part.end_ns - part.start_ns;
  return sum;
}

}  // namespace

Lines DrawWaterfall(const Waterfall& waterfall, int width) {
  constexpr int kOnPath = 9, kStart = 9, kTime = 9, kPopulation = 7;
  const int name_at = 2 + kOnPath + 2;
  const int left = std::max(20, width - (name_at + 2 + kStart + 2 + kTime + 2 + kPopulation + 2));
  const int bar = std::clamp(left * 2 / 5, 10, 60);
  const int name = std::max(12, left - bar);
  const int start_at = name_at + name + 2 + kStart;
  const int time_at = start_at + 2 + kTime;
  const int population_at = time_at + 2 + kPopulation;

  Lines lines;
  Line head;
  head.Right("on path", 2 + kOnPath, Style::kDim).PadTo(name_at).Add("span", Style::kDim);
  head.Right("start", start_at, Style::kDim).Right("time", time_at, Style::kDim);
  head.Right("slower", population_at, Style::kDim);
  lines.push_back(head);
  for (const WaterfallSpan& span : waterfall.spans) {
    Line line;
    const int64_t on_path = OnPath(span);
    line.Right(on_path > 0 ? TimeText(on_path) : "", 2 + kOnPath, Style::kBold).PadTo(name_at);
    const std::string notes = Notes(span);
    const int notes_width = TextWidth(notes);
    line.Add(CutEnd(NameOf(span), std::max(4, name - notes_width)));
    if (!notes.empty()) line.Add(notes, span.error ? Style::kBad : Style::kDim);
    if (span.timed) {
      line.Right(span.start_ns == 0 ? "0" : TimeText(span.start_ns), start_at);
      line.Right(TimeText(span.duration_ns), time_at);
    } else {
      line.Right("no time", time_at, Style::kDim);
    }
    if (span.known > 1) {
      // Of a few no share is worth saying.
      constexpr uint64_t kFew = 20;
      const std::string text = span.known < kFew ? fmt::format("of {}", span.known)
                                                 : Quantity(span.slower_than, Unit::kShare);
      line.Right(text, population_at, span.slower_than >= 0.99 ? Style::kWarn : Style::kPlain);
    }
    line.PadTo(population_at + 2).Add(Bar(waterfall, span, bar));
    lines.push_back(line);
  }
  if (waterfall.more_spans > 0) {
    lines.push_back(
        Line(fmt::format("  … {} more spans; --spans all shows them", Count(waterfall.more_spans)),
             Style::kDim));
  }
  return lines;
}

}  // namespace plumbago::render
