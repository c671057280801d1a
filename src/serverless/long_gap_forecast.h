// The next of the idle times that are too long for a histogram, from those before it alone (the
// branch of "Serverless in the Wild" for applications that are seldom invoked).
//
// ARIMA: with the fifth gap the order is searched; with each further one the coefficients are
// fitted anew from where they stood, and the order is searched again each time there are half as
// many gaps more. Of the gaps, the last 200. The forecast lies between the range and twice the
// longest gap seen. Beside it the median of the last five.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "forecast/arima.h"

namespace plumbago::serverless {

enum class LongGaps : uint8_t { kStandard, kArima, kMedian };

// How much work forecasts were, of all threads together; processor time.
struct ForecastCounters {
  std::atomic<uint64_t> apps = 0, searches = 0, refits = 0, nanoseconds = 0;
};

class LongGapForecast {
 public:
  static constexpr size_t kLeastGaps = 5, kMostGaps = 200;

  // `range`: seconds, of the histogram; `counters` may be null.
  LongGapForecast(LongGaps how, double range, ForecastCounters* counters)
      : how_(how), range_(range), counters_(counters) {}

  void Saw(double seconds);
  // Seconds; nothing where fewer than five have been seen, or nothing is forecast at all.
  std::optional<double> Next();

 private:
  double Arima();

  const LongGaps how_;
  const double range_;
  ForecastCounters* const counters_;
  std::vector<double> gaps_;
  double longest_ = 0;
  std::optional<forecast::ArimaFit> fit_;
  size_t seen_ = 0, searched_at_ = 0;
  std::optional<double> next_;  // until the next gap is seen
};

}  // namespace plumbago::serverless
