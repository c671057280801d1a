// What decoding OTLP's JSON costs: the DeathStarBench traces as we write them, in lines and as one
// document.
#include "formats/otlp_json/otlp_json.h"

#include "formats/jaeger/jaeger.h"
#include "formats/json/testing/format_benchmark.h"

namespace plumbago::formats::otlp_json {
namespace {

constexpr size_t kBytes = 50u << 20;
const OtlpJson kFormat;

std::string Lines() {
  const jaeger::Jaeger from;
  const std::string traces = json::testing::ReadTraces("dsb-hotel-load50.jaeger.ndjson.zst");
  return json::testing::Repeated(json::testing::Converted(from, traces, kFormat), kBytes);
}
std::string OneDocument() {
  std::string text = Lines();
  for (char& c : text) {
    if (c == '\n') c = ',';
  }
  if (!text.empty()) text.back() = ']';
  return "[" + text;
}

void BM_OtlpJsonLines(benchmark::State& state) {
  json::testing::DecodeRepeatedly(state, kFormat, Lines(), state.range(0) != 0);
}
BENCHMARK(BM_OtlpJsonLines)->Arg(0)->Arg(1)->ArgName("details");

void BM_OtlpJsonDocument(benchmark::State& state) {
  json::testing::DecodeRepeatedly(state, kFormat, OneDocument(), state.range(0) != 0);
}
BENCHMARK(BM_OtlpJsonDocument)->Arg(0)->Arg(1)->ArgName("details");

}  // namespace
}  // namespace plumbago::formats::otlp_json
