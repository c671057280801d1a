#include "serverless/long_gap_forecast.h"

#include <time.h>

#include <algorithm>

#include "forecast/auto_arima.h"
#include "forecast/simple_rules.h"

namespace plumbago::serverless {
namespace {

// Of this thread: what others do on the machine is not in it.
uint64_t ProcessorNanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace

void LongGapForecast::Saw(double seconds) {
  if (how_ == LongGaps::kStandard) return;
  if (gaps_.size() == kMostGaps) gaps_.erase(gaps_.begin());
  gaps_.push_back(seconds);
  ++seen_;
  longest_ = std::max(longest_, seconds);
  next_.reset();
}

std::optional<double> LongGapForecast::Next() {
  if (how_ == LongGaps::kStandard || seen_ < kLeastGaps) return std::nullopt;
  if (!next_) next_ = how_ == LongGaps::kMedian ? forecast::MedianOfLast(gaps_, 5) : Arima();
  return next_;
}

double LongGapForecast::Arima() {
  const uint64_t began = counters_ != nullptr ? ProcessorNanoseconds() : 0;
  const bool first = searched_at_ == 0;
  bool search = first || seen_ >= searched_at_ + searched_at_ / 2;
  if (!search) {
    auto refit = forecast::FitArima(gaps_, fit_->order, &fit_->free);
    if (refit) {
      fit_ = refit;
    } else {
      search = true;
    }
  }
  if (search) {
    auto found = forecast::AutoArima(gaps_);  // never nothing: gaps are finite
    fit_ = found->fit;
    searched_at_ = seen_;
  }
  const double ahead = fit_->Forecast(1)[0].mean;
  if (counters_ != nullptr) {
    if (first) counters_->apps.fetch_add(1, std::memory_order_relaxed);
    (search ? counters_->searches : counters_->refits).fetch_add(1, std::memory_order_relaxed);
    counters_->nanoseconds.fetch_add(ProcessorNanoseconds() - began, std::memory_order_relaxed);
  }
  return std::clamp(ahead, range_, std::max(range_, 2 * longest_));
}

}  // namespace plumbago::serverless
