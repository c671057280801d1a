// What decoding Jaeger's JSON costs: lines (a document each) and one document, into rows alone and
// with details.
#include "formats/jaeger/jaeger.h"

#include "formats/json/testing/format_benchmark.h"

namespace plumbago::formats::jaeger {
namespace {

constexpr size_t kBytes = 50u << 20;
const Jaeger kFormat;

std::string Lines() {
  return json::testing::Repeated(json::testing::ReadTraces("dsb-hotel-load50.jaeger.ndjson.zst"),
                                 kBytes);
}
// {"data":[TRACE,TRACE]}
std::string OneDocument() {
  const std::string lines = Lines();
  std::string text = "{\"data\":[";
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = lines.find('\n', begin);
    const std::string_view line = std::string_view(lines).substr(begin, end - begin);
    const size_t from = line.find('[') + 1;
    const size_t to = line.rfind("]");
    if (text.back() == '}') text += ",\n";
    text += line.substr(from, to - from);
    begin = end + 1;
  }
  return text + "],\"total\":0}";
}

void BM_JaegerLines(benchmark::State& state) {
  json::testing::DecodeRepeatedly(state, kFormat, Lines(), state.range(0) != 0);
}
BENCHMARK(BM_JaegerLines)->Arg(0)->Arg(1)->ArgName("details");

void BM_JaegerDocument(benchmark::State& state) {
  json::testing::DecodeRepeatedly(state, kFormat, OneDocument(), state.range(0) != 0);
}
BENCHMARK(BM_JaegerDocument)->Arg(0)->Arg(1)->ArgName("details");

void BM_JaegerCut(benchmark::State& state) {
  json::testing::CutRepeatedly(state, kFormat, OneDocument());
}
BENCHMARK(BM_JaegerCut);

}  // namespace
}  // namespace plumbago::formats::jaeger
