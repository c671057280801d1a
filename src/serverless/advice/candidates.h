// The settings that are tried for an application.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/minute_series.h"
#include "serverless/advice/platform.h"
#include "serverless/advice/setting.h"

namespace plumbago::serverless {

// Lifetimes, seconds, ascending: from half a minute to a day. Most are half a minute or a minute
// above a round time, so that a timer of that time is met although it jitters.
std::span<const uint32_t> UsualKeeps();

// The lifetime that would have been best for these gaps, at `lambda` seconds of idle loaded time a
// cold start: one of the gaps (a lifetime between two gaps costs more than the shorter one), as
// whole minutes and one more. 0: none at all.
uint32_t BestKeep(const model::MinuteSeries& minutes, double lambda);

// Schedules that meet at least half of the invocations that end an idle time, at six phases of
// their period at most (and one for every six minutes of it), and hold an instance for a third of
// the time at most: more is no schedule but a lifetime. Periods: those that cron can say, the most
// frequent gap and the period that FindPeriod finds, which cron may not be able to say. At least
// three periods must lie in [begin, end), the minutes that the data tell of.
std::vector<Schedule> LikelySchedules(const model::MinuteSeries& minutes, uint32_t begin,
                                      uint32_t end, bool weekday_known);

}  // namespace plumbago::serverless
