#include "generate/functions/app_figures.h"

#include <algorithm>
#include <cmath>

namespace plumbago::generate::functions {
namespace {

// The gap that at least nine tenths of the gaps between minutes with invocations have; 0: none.
double PeriodOf(std::span<const MinuteCount> counts) {
  if (counts.size() < 4) return 0;
  // Boyer and Moore's majority vote, then counted.
  uint32_t candidate = 0;
  uint64_t votes = 0;
  for (size_t i = 1; i < counts.size(); ++i) {
    const uint32_t gap = counts[i].minute - counts[i - 1].minute;
    if (votes == 0) {
      candidate = gap;
      votes = 1;
    } else if (gap == candidate) {
      ++votes;
    } else {
      --votes;
    }
  }
  uint64_t same = 0;
  for (size_t i = 1; i < counts.size(); ++i) {
    same += counts[i].minute - counts[i - 1].minute == candidate;
  }
  return same * 10 >= (counts.size() - 1) * 9 ? candidate : 0;
}

double VariationOf(std::span<const MinuteCount> counts, uint64_t total) {
  if (total < 3) return -1;
  double square = 0, last = 0;
  const double first = 60.0 * counts.front().minute;
  bool any = false;
  for (const MinuteCount& here : counts) {
    const double at = 60.0 * here.minute, within = 60.0 / here.count;
    if (any) square += (at - last) * (at - last);
    square += (here.count - 1) * within * within;
    last = at + within * (here.count - 1);
    any = true;
  }
  const auto gaps = static_cast<double>(total - 1);
  const double mean = (last - first) / gaps;
  if (mean <= 0) return -1;
  return std::sqrt(std::max(0.0, square / gaps / (mean * mean) - 1));
}

}  // namespace

void FigureMaker::Add(uint8_t trigger, std::span<const MinuteCount> counts) {
  if (counts.empty()) return;
  FunctionFigures function;
  function.trigger = trigger;
  uint32_t last_day = UINT32_MAX;
  for (const MinuteCount& here : counts) {
    function.total += here.count;
    const uint32_t day = here.minute / kMinutesOfDay;
    function.days += day != last_day;
    last_day = day;
  }
  function.period = PeriodOf(counts);
  if (trigger < kTriggerKinds) figures_.triggers |= static_cast<uint8_t>(1u << trigger);
  figures_.total += function.total;
  figures_.functions.push_back(function);
  if (merged_.empty()) {
    merged_.assign(counts.begin(), counts.end());
    return;
  }
  buffer_.clear();
  size_t a = 0;
  for (const MinuteCount& here : counts) {
    while (a < merged_.size() && merged_[a].minute < here.minute) buffer_.push_back(merged_[a++]);
    if (a < merged_.size() && merged_[a].minute == here.minute) {
      buffer_.push_back({here.minute, merged_[a++].count + here.count});
    } else {
      buffer_.push_back(here);
    }
  }
  buffer_.insert(buffer_.end(), merged_.begin() + static_cast<ptrdiff_t>(a), merged_.end());
  merged_.swap(buffer_);
}

AppFigures FigureMaker::End() {
  if (!merged_.empty()) {
    figures_.first_minute = merged_.front().minute;
    figures_.last_minute = merged_.back().minute;
    uint32_t last_day = UINT32_MAX;
    for (const MinuteCount& here : merged_) {
      const uint32_t day = here.minute / kMinutesOfDay;
      figures_.hours[here.minute / 60 % 24] += here.count;
      figures_.weekdays[day % 7] += here.count;
      figures_.active_days += day != last_day;
      last_day = day;
    }
    figures_.variation = VariationOf(merged_, figures_.total);
  }
  merged_.clear();
  AppFigures made;
  std::swap(made, figures_);
  return made;
}

}  // namespace plumbago::generate::functions
