// What decoding Zipkin's JSON costs: the DeathStarBench traces as we write them, an array with a
// span a line.
#include "formats/zipkin/zipkin.h"

#include "formats/jaeger/jaeger.h"
#include "formats/json/testing/format_benchmark.h"

namespace plumbago::formats::zipkin {
namespace {

constexpr size_t kBytes = 50u << 20;
const Zipkin kFormat;

// "[\nS,\nS\n]\n" without its brackets, repeated.
std::string Spans(char end) {
  const jaeger::Jaeger from;
  std::string text = json::testing::Converted(
      from, json::testing::ReadTraces("dsb-hotel-load50.jaeger.ndjson.zst"), kFormat);
  if (text.size() < 6) return "";
  text = text.substr(2, text.size() - 5) + ",\n";
  text = json::testing::Repeated(text, kBytes);
  for (size_t at = text.find(",\n"); at != text.npos; at = text.find(",\n", at + 2)) text[at] = end;
  return text;
}

void BM_ZipkinArray(benchmark::State& state) {
  std::string text = Spans(',');
  if (!text.empty()) text = "[\n" + text.substr(0, text.size() - 2) + "\n]\n";
  json::testing::DecodeRepeatedly(state, kFormat, text, state.range(0) != 0);
}
BENCHMARK(BM_ZipkinArray)->Arg(0)->Arg(1)->ArgName("details");

void BM_ZipkinLines(benchmark::State& state) {
  json::testing::DecodeRepeatedly(state, kFormat, Spans(' '), state.range(0) != 0);
}
BENCHMARK(BM_ZipkinLines)->Arg(0)->Arg(1)->ArgName("details");

}  // namespace
}  // namespace plumbago::formats::zipkin
