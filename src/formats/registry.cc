#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/edit_distance.h"
#include "formats/alibaba_2021/alibaba_2021.h"
#include "formats/alibaba_2022/alibaba_2022.h"
#include "formats/alibaba_samples/sample_format.h"
#include "formats/call_graph_json/call_graph_json.h"
#include "formats/csv_mapped/mapped_csv.h"
#include "formats/format.h"
#include "formats/jaeger/jaeger.h"
#include "formats/otlp_json/otlp_json.h"
#include "formats/otlp_proto/otlp_proto.h"
#include "formats/zipkin/zipkin.h"

namespace plumbago::formats {

namespace {

std::vector<const Format*>& Registered() {
  static std::vector<const Format*> formats;
  return formats;
}
std::vector<InputFilter>& Filters() {
  static std::vector<InputFilter> filters;
  return filters;
}

}  // namespace

void RegisterFormat(const Format* format) { Registered().push_back(format); }
void RegisterInputFilter(InputFilter filter) { Filters().push_back(filter); }
std::span<const InputFilter> InputFilters() { return Filters(); }

std::span<const Format* const> Formats() {
  static const alibaba_2021::Alibaba2021 alibaba_2021;
  static const alibaba_2022::Alibaba2022 alibaba_2022;
  static const call_graph_json::CallGraphJson call_graph_json;
  static const MappedCsv csv;
  static const jaeger::Jaeger jaeger;
  static const otlp_json::OtlpJson otlp_json;
  static const otlp_proto::OtlpProto otlp_proto;
  static const zipkin::Zipkin zipkin;
  static const alibaba_samples::SampleFormat samples[] = {
      alibaba_samples::SampleFormat(alibaba_samples::k2021Resources),
      alibaba_samples::SampleFormat(alibaba_samples::k2021Rates),
      alibaba_samples::SampleFormat(alibaba_samples::k2021Nodes),
      alibaba_samples::SampleFormat(alibaba_samples::k2022Resources),
      alibaba_samples::SampleFormat(alibaba_samples::k2022Rates),
      alibaba_samples::SampleFormat(alibaba_samples::k2022Nodes)};
  static const std::vector<const Format*> formats = [] {
    std::vector<const Format*> all = Registered();
    for (const Format* const own : std::initializer_list<const Format*>{
             &samples[0], &samples[1], &samples[2], &samples[3], &samples[4], &samples[5],
             &alibaba_2021, &alibaba_2022, &call_graph_json, &jaeger, &otlp_json, &zipkin,
             &otlp_proto, &csv}) {
      all.push_back(own);
    }
    return all;
  }();
  return formats;
}

Result<const Format*> FindFormat(std::string_view name) {
  std::vector<std::string_view> known;
  for (const Format* format : Formats()) {
    if (format->name() == name) return format;
    known.push_back(format->name());
  }
  const std::string_view wanted = name.substr(0, 64);
  std::sort(known.begin(), known.end(), [&](std::string_view a, std::string_view b) {
    return std::pair(EditDistance(a, wanted), a) < std::pair(EditDistance(b, wanted), b);
  });
  return Fail(ErrorKind::kUsage,
              fmt::format("unknown format '{}'; known: {}", wanted, fmt::join(known, ", ")));
}

}  // namespace plumbago::formats
