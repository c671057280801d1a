// Minute counts as a stream of idle gaps.
//
// Replay rule: c invocations in minute m come at 60 m + 60 i / c seconds, i from 0 to c - 1, and
// take no time. So gaps within a minute are equal: they come as one, with how many they are. The
// coefficient of variation of gaps, and what any policy costs, depend on this rule: it is printed.
#pragma once

#include <cstdint>

#include "model/minute_series.h"

namespace plumbago::serverless {

inline constexpr double kMinute = 60;

struct IdleGap {
  double seconds;  // from the end of an execution to the next invocation
  uint64_t times;  // so many that are equal, one after the other
  double begins;   // of the first of them, in seconds since minute 0
  // Whole minutes of the gap (its bin), exact where doubles are not.
  uint32_t minutes;
};

// f(gap), in order. Returns when the last execution ended; below 0 where there is none.
template <class F>
double ForEachGap(const model::MinuteSeries& series, F&& f) {
  double last = -1;
  uint32_t before = 0;
  uint64_t count_before = 0;
  series.ForEach([&](uint32_t minute, uint64_t count) {
    const auto c = static_cast<double>(count);
    if (count_before > 0) {
      const double step = kMinute / static_cast<double>(count_before);
      const uint32_t between = minute - before - 1;
      f(IdleGap{between * kMinute + step, 1, last, between + (count_before == 1 ? 1 : 0)});
    }
    if (count > 1) f(IdleGap{kMinute / c, count - 1, minute * kMinute, 0});
    last = minute * kMinute + static_cast<double>(count - 1) * (kMinute / c);
    before = minute;
    count_before = count;
  });
  return last;
}

}  // namespace plumbago::serverless
