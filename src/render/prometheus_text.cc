#include "render/prometheus_text.h"

#include <fmt/format.h>

#include <iterator>

#include "base/utf8.h"

namespace plumbago::render {
namespace {

void AppendEscaped(std::string_view value, std::string& out) {
  while (!value.empty()) {
    const size_t bytes = CharacterBytes(value);
    if (bytes == 0) {
      out += "\xEF\xBF\xBD";
      value.remove_prefix(1);
      continue;
    }
    switch (value.front()) {
      case '\\':
        out += "\\\\";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        out += value.substr(0, bytes);
    }
    value.remove_prefix(bytes);
  }
}

}  // namespace

std::string Seconds(uint64_t ns) {
  std::string text = fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

void PrometheusText::Begin(std::string_view name, std::string_view help, const char* type) {
  name_ = name;
  fmt::format_to(std::back_inserter(pieces_.text()), "# HELP {} {}\n# TYPE {} {}\n", name_, help,
                 name_, type);
}

void PrometheusText::BeginCounters(std::string_view name, std::string_view help) {
  const std::string total = std::string(name) + "_total";
  Begin(style_ == Style::kOpenMetrics ? name : std::string_view(total), help, "counter");
  name_ = total;
}

void PrometheusText::BeginHistograms(std::string_view name, std::string_view help) {
  Begin(name, help, "histogram");
}

// Into labels_, with braces. `bound`: of a bucket; empty: none.
void PrometheusText::Labels(std::span<const MetricLabel> labels, std::string_view bound) {
  labels_ = "{";
  for (const MetricLabel& label : labels) {
    if (labels_.size() > 1) labels_ += ',';
    labels_ += label.name;
    labels_ += "=\"";
    AppendEscaped(label.value, labels_);
    labels_ += '"';
  }
  if (!bound.empty()) {
    if (labels_.size() > 1) labels_ += ',';
    labels_.append("le=\"").append(bound).append("\"");
  }
  labels_ += '}';
}

void PrometheusText::Counter(std::span<const MetricLabel> labels, uint64_t value) {
  Labels(labels, {});
  fmt::format_to(std::back_inserter(pieces_.text()), "{}{} {}\n", name_, labels_, value);
  ++series_;
  (void)pieces_.Next();  // an error stays until the end
}

void PrometheusText::Histogram(std::span<const MetricLabel> labels,
                               std::span<const int64_t> bounds_ns, std::span<const uint64_t> counts,
                               uint64_t sum_ns) {
  uint64_t total = 0;
  for (size_t i = 0; i <= bounds_ns.size(); ++i) {
    total += counts[i];
    Labels(labels, i < bounds_ns.size() ? Seconds(static_cast<uint64_t>(bounds_ns[i])) : "+Inf");
    fmt::format_to(std::back_inserter(pieces_.text()), "{}_bucket{} {}\n", name_, labels_, total);
  }
  Labels(labels, {});
  fmt::format_to(std::back_inserter(pieces_.text()), "{}_sum{} {}\n{}_count{} {}\n", name_, labels_,
                 Seconds(sum_ns), name_, labels_, total);
  series_ += bounds_ns.size() + 3;
  (void)pieces_.Next();  // an error stays until the end
}

Result<void> PrometheusText::Finish() {
  if (style_ == Style::kOpenMetrics) pieces_.text() += "# EOF\n";
  return pieces_.End();
}

}  // namespace plumbago::render
