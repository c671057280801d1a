// The period of a function's invocations, if it has one.
//
// Events are minutes with an invocation; for periods of half an hour or more those whose minute
// before has none. Of each candidate P (round
// ones, and the gaps that occur most) it is asked how often an event is followed by another one P
// minutes later: to the minute, from 10 minutes on with a minute of slack, from 2 hours on with 3.
// Chance is what happens most at lags a few minutes beside P: so neither bursts, nor the hours of a
// day, nor a high rate make a period. p: the binomial tail, times the number of candidates
// (Bonferroni). Of the candidates that hold, the shortest that catches all but as many as the best.
// Where none holds, a period that grows or shrinks: each gap like the one before it, within 2 %.
//
// Every minute is a period of its own kind: active in all but all minutes, with the same count.
//
// Limits: three repetitions tell at least, so a week needs four of them, or several events a week;
// periods below a minute show as every minute; several timers of different periods in one function
// show as the strongest.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/minute_series.h"

namespace plumbago::serverless {

inline constexpr uint32_t kFewestEvents = 4;

struct FoundPeriod {
  uint32_t minutes = 0;   // the lag that was tested
  double mean = 0;        // of the distances that were found: a drifting one is no whole number
  double p = 1;           // of the best of the candidates, for this function alone
  double hit_share = 0;   // of the events, those that come again a period later
  double explained = 0;   // of the invocations, those with another one a period before or behind
  bool on_clock = false;  // stays at one phase; false: drifts
  uint32_t phase = 0;     // minutes after a multiple of `minutes` since minute 0, most frequent
  uint64_t events = 0;
};

// `first`, `end`: the minutes that the data tell of. Nothing where there are too few events to tell
// (fewer than kFewestEvents invoked minutes), else the best candidate, be it significant or not.
std::optional<FoundPeriod> FindPeriod(const model::MinuteSeries& series, uint32_t first,
                                      uint32_t end);

// P(X >= hits) of a binomial. Exact sums in logarithms.
double BinomialTail(uint64_t hits, uint64_t trials, double chance);

}  // namespace plumbago::serverless
