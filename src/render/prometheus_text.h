// Counters and histograms as text that Prometheus scrapes (exposition format 0.0.4), or as
// OpenMetrics 1.0: there a counter's family has no "_total" in its name, and "# EOF" ends the text.
//
// The lines of a family stand together, HELP and TYPE before them, in the order given; label values
// are escaped as both formats ask, bytes that are no UTF-8 become U+FFFD. Times are seconds,
// written as exact decimals. No timestamps: a scraper sets its own. Source: prometheus/docs,
// exposition_formats; OpenMetrics 1.0.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "render/pieces.h"

namespace plumbago::render {

struct MetricLabel {
  std::string_view name;  // [a-zA-Z_][a-zA-Z0-9_]*
  std::string_view value;
};

class PrometheusText {
 public:
  enum class Style : uint8_t { kPrometheus, kOpenMetrics };
  // `put` must outlive this.
  PrometheusText(Style style, const PutText& put) : style_(style), pieces_(put) {}

  // `name` without "_total".
  void BeginCounters(std::string_view name, std::string_view help);
  void Counter(std::span<const MetricLabel> labels, uint64_t value);
  void BeginHistograms(std::string_view name, std::string_view help);
  // `counts`: of durations up to each bound, and of what is longer; not summed up.
  void Histogram(std::span<const MetricLabel> labels, std::span<const int64_t> bounds_ns,
                 std::span<const uint64_t> counts, uint64_t sum_ns);
  uint64_t series() const { return series_; }
  // Errors: those of `put`.
  Result<void> Finish();

 private:
  void Begin(std::string_view name, std::string_view help, const char* type);
  void Labels(std::span<const MetricLabel> labels, std::string_view bound);

  const Style style_;
  std::string name_;  // of the family that was begun
  Pieces pieces_;
  std::string labels_;
  uint64_t series_ = 0;
};

// "0.002", "16.384", "12": whole nanoseconds as seconds.
std::string Seconds(uint64_t ns);

}  // namespace plumbago::render
