#include "serverless/figures/hours.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

#include "serverless/figures/over_published.h"
#include "serverless/figures/reference_atc20.h"
#include "serverless/workload_document.h"

namespace plumbago::serverless {
namespace {

using document::Point;
using document::Unit;

constexpr uint32_t kHour = 60, kDayHours = 24;
constexpr std::array<const char*, 7> kWeekdays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

struct Hour {
  uint32_t number = 0;  // since minute 0
  double invocations = 0;
};

// Whole hours that the data tell of, in order.
std::vector<Hour> Count(const Workload& load) {
  const uint32_t first = (load.first_minute + kHour - 1) / kHour, end = load.end_minute / kHour;
  if (end <= first) return {};
  std::vector<uint64_t> counts(end - first);
  for (const AppLoad& app : load.apps) {
    app.minutes.ForEach([&](uint32_t minute, uint64_t count) {
      const uint32_t hour = minute / kHour;
      if (hour >= first && hour < end) counts[hour - first] += count * app.weight;
    });
  }
  std::vector<Hour> hours;
  for (uint32_t hour = first; hour < end; ++hour) {
    const uint32_t day = hour / kDayHours;
    if (std::binary_search(load.missing_days.begin(), load.missing_days.end(), day)) continue;
    hours.push_back({hour, static_cast<double>(counts[hour - first])});
  }
  return hours;
}

double Peak(std::span<const double> of) { return *std::max_element(of.begin(), of.end()); }

std::vector<Point> OfPeak(std::span<const double> hours, size_t most) {
  std::vector<Point> points;
  for (size_t i = 0; i < std::min(hours.size(), most); ++i)
    points.push_back({static_cast<double>(i), hours[i] / Peak(hours)});
  return points;
}

// Means by hour of day, of the mean of all hours.
std::array<std::optional<double>, 24> ByHourOfDay(const std::vector<Hour>& hours) {
  std::array<double, 24> sums{};
  std::array<double, 24> times{};
  double all = 0;
  for (const Hour& hour : hours) {
    sums[hour.number % kDayHours] += hour.invocations;
    times[hour.number % kDayHours] += 1;
    all += hour.invocations;
  }
  std::array<std::optional<double>, 24> means{};
  if (all == 0) return means;
  const double mean = all / static_cast<double>(hours.size());
  for (size_t h = 0; h < 24; ++h) {
    if (times[h] > 0) means[h] = sums[h] / times[h] / mean;
  }
  return means;
}

std::vector<Point> PublishedHoursOfDay(std::span<const double> hours) {
  std::array<double, 24> sums{};
  for (size_t i = 0; i < hours.size(); ++i) sums[i % 24] += hours[i];
  const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / 24;
  std::vector<Point> points;
  points.reserve(24);
  for (size_t h = 0; h < 24; ++h) points.push_back({static_cast<double>(h), sums[h] / mean});
  return points;
}

void AddHourly(const std::vector<Hour>& hours, const FigureContext& context,
               document::Section& section) {
  document::Figure figure;
  figure.id = "figure-4";
  figure.title = "Figure 4: invocations by hour, of the peak hour";
  figure.kind = document::FigureKind::kLine;
  figure.x = {context.load.day0 == model::kNoDay
                  ? "hours since the beginning of day 1"
                  : fmt::format("hours since {}", MinuteText(context.load, 0)),
              Unit::kCount, false};
  figure.y = {"share of the peak hour", Unit::kShare, false};
  double peak = 0;
  for (const Hour& hour : hours) peak = std::max(peak, hour.invocations);
  std::vector<Point> own;
  own.reserve(hours.size());
  for (const Hour& hour : hours)
    own.push_back({static_cast<double>(hour.number), peak > 0 ? hour.invocations / peak : 0});
  const size_t most = std::max<size_t>(hours.back().number + 1, 24);
  AddCurve(figure, "this data", std::move(own), nullptr);
  AddCurve(figure, "the paper, from Mon 2019-07-15", OfPeak(Atc20PaperHours(), most),
           "ATC'20, read off the figure");
  AddCurve(figure, "the release, from Mon 2019-07-15", OfPeak(Atc20ReleaseHours(), most),
           "Azure 2019, read off the figure");
  section.figures.push_back(std::move(figure));
}

void AddHoursOfDay(const std::array<std::optional<double>, 24>& means, document::Section& section) {
  document::Figure figure;
  figure.id = "hour-of-day";
  figure.title = "Invocations by hour of day, of the mean hour";
  figure.kind = document::FigureKind::kLine;
  figure.x = {"hour of day (UTC)", Unit::kCount, false};
  figure.y = {"of the mean hour", Unit::kRatio, false};
  std::vector<Point> own;
  for (size_t h = 0; h < 24; ++h) {
    if (means[h]) own.push_back({static_cast<double>(h), *means[h]});
  }
  AddCurve(figure, "this data", std::move(own), nullptr);
  AddCurve(figure, "the paper", PublishedHoursOfDay(Atc20PaperHours()),
           "ATC'20, read off the figure");
  AddCurve(figure, "the release", PublishedHoursOfDay(Atc20ReleaseHours()),
           "Azure 2019, read off the figure");
  figure.key = true;
  section.figures.push_back(std::move(figure));
}

// Monday is 0; day 0 of 1970 was a Thursday.
size_t WeekdayOf(int64_t day) { return static_cast<size_t>(((day + 3) % 7 + 7) % 7); }

void AddWeekdays(const std::vector<Hour>& hours, const FigureContext& context,
                 document::Section& section) {
  std::array<double, 7> sums{}, times{};
  double all = 0;
  for (const Hour& hour : hours) {
    const size_t weekday = WeekdayOf(int64_t{context.load.day0} + hour.number / kDayHours);
    sums[weekday] += hour.invocations;
    times[weekday] += 1;
    all += hour.invocations;
  }
  document::Figure figure;
  figure.id = "weekday";
  figure.title = "Invocations by weekday, of the mean hour";
  figure.kind = document::FigureKind::kBars;
  figure.y = {"of the mean hour", Unit::kRatio, false};
  document::Series& series = figure.series.emplace_back();
  series.name = "this data";
  for (size_t d = 0; d < 7; ++d) {
    if (times[d] == 0 || all == 0) continue;
    series.points.push_back({static_cast<double>(figure.labels.size()),
                             sums[d] / times[d] / (all / static_cast<double>(hours.size()))});
    figure.labels.emplace_back(kWeekdays[d]);
  }
  section.figures.push_back(std::move(figure));
  double weekend = 0, weekdays = 0, weekend_hours = 0, weekday_hours = 0;
  for (size_t d = 0; d < 7; ++d) {
    (d >= 5 ? weekend : weekdays) += sums[d];
    (d >= 5 ? weekend_hours : weekday_hours) += times[d];
  }
  if (weekend_hours > 0 && weekday_hours > 0 && weekdays > 0) {
    section.AddHeadline("weekend", "invocations of a weekend hour, of a weekday hour", Unit::kRatio,
                        weekend / weekend_hours / (weekdays / weekday_hours));
  }
}

}  // namespace

bool Hours(const FigureContext& context, document::Section& section) {
  const std::vector<Hour> hours = Count(context.load);
  section.computed =
      "All invocations by whole hour, of the hour with the most; an hour of day is the mean over "
      "its days. The hours are the data's (the release: UTC, counted when an execution ends).";
  std::optional<double> low, high, hour_high;
  if (!hours.empty()) {
    double peak = 0, least = hours[0].invocations;
    for (const Hour& hour : hours) {
      peak = std::max(peak, hour.invocations);
      least = std::min(least, hour.invocations);
    }
    if (peak > 0 && context.whole_day()) low = least / peak;
  }
  auto& least = section.AddHeadline(
      "least_of_peak", "invocations of the quietest hour, of the peak", Unit::kShare, low);
  const std::span<const double> paper = Atc20PaperHours();
  least.published = *std::min_element(paper.begin(), paper.end()) / Peak(paper);
  const auto means = ByHourOfDay(hours);
  if (context.whole_day()) {
    for (size_t h = 0; h < 24; ++h) {
      if (means[h] && (!high || *means[h] > *high)) {
        high = means[h];
        hour_high = static_cast<double>(h);
      }
    }
  }
  section.AddHeadline("busiest_hour", "busiest hour of day", Unit::kNone, hour_high).published = 13;
  section
      .AddHeadline("busiest_of_mean", "invocations of the busiest hour of day, of the mean hour",
                   Unit::kRatio, high)
      .published = 1.11;
  if (!hours.empty()) AddHourly(hours, context, section);
  if (!context.whole_day()) {
    section.computed += fmt::format(
        " The data tell of {:.3g} hours: less than a day says nothing of the hours of a day, and "
        "its peak need not be the day's.",
        24 * context.days);
    return true;
  }
  AddHoursOfDay(means, section);
  if (context.load.day0 == model::kNoDay) {
    section.computed += " Which day it is is not known: no weekdays.";
  } else if (context.days < 7) {
    section.computed += " Less than a week: no weekdays.";
  } else {
    AddWeekdays(hours, context, section);
  }
  return true;
}

}  // namespace plumbago::serverless
