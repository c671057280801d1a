#include "render/prometheus_text.h"

#include <gtest/gtest.h>

namespace plumbago::render {
namespace {

std::string Write(PrometheusText::Style style) {
  std::string out;
  const PutText put = [&](std::string_view piece) -> Result<void> {
    out += piece;
    return {};
  };
  PrometheusText text(style, put);
  const MetricLabel labels[] = {{"service", "a\"b\\c\nd\xFF"}, {"kind", ""}};
  text.BeginCounters("calls", "Spans.");
  text.Counter(labels, 12);
  text.Counter({}, 1);
  text.BeginHistograms("latency", "Time.");
  const int64_t bounds[] = {2'000'000, 1'000'000'000};
  const uint64_t counts[] = {3, 0, 2};
  text.Histogram(labels, bounds, counts, 12'000'000'001);
  EXPECT_TRUE(text.Finish());
  EXPECT_EQ(text.series(), 7u);
  return out;
}

TEST(PrometheusText, FamiliesWithHelpTypeAndEscapedLabels) {
  const std::string labels = "service=\"a\\\"b\\\\c\\nd\xEF\xBF\xBD\",kind=\"\"";
  const std::string rest =
      "# HELP latency Time.\n"
      "# TYPE latency histogram\n"
      "latency_bucket{" +
      labels +
      ",le=\"0.002\"} 3\n"
      "latency_bucket{" +
      labels +
      ",le=\"1\"} 3\n"
      "latency_bucket{" +
      labels +
      ",le=\"+Inf\"} 5\n"
      "latency_sum{" +
      labels +
      "} 12.000000001\n"
      "latency_count{" +
      labels + "} 5\n";
  EXPECT_EQ(Write(PrometheusText::Style::kPrometheus),
            "# HELP calls_total Spans.\n"
            "# TYPE calls_total counter\n"
            "calls_total{" +
                labels +
                "} 12\n"
                "calls_total{} 1\n" +
                rest);
  const std::string open = Write(PrometheusText::Style::kOpenMetrics);
  EXPECT_TRUE(open.starts_with("# HELP calls Spans.\n# TYPE calls counter\ncalls_total{"));
  EXPECT_TRUE(open.ends_with("\n# EOF\n"));
}

TEST(PrometheusText, SecondsAreExact) {
  EXPECT_EQ(Seconds(0), "0");
  EXPECT_EQ(Seconds(2'000'000), "0.002");
  EXPECT_EQ(Seconds(12'800'000'000), "12.8");
  EXPECT_EQ(Seconds(10'000'000'000), "10");
}

}  // namespace
}  // namespace plumbago::render
