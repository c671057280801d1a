// Formats of spans against each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "formats/jaeger/jaeger.h"
#include "formats/json/testing/round_trip.h"
#include "formats/json/testing/trace_samples.h"
#include "formats/otlp_json/otlp_json.h"
#include "formats/zipkin/zipkin.h"

namespace plumbago::formats::json {
namespace {

using testing::DecodedSpans;

const jaeger::Jaeger kJaeger;
const otlp_json::OtlpJson kOtlpJson;
const zipkin::Zipkin kZipkin;
const std::vector<const Format*> kAll = {&kJaeger, &kOtlpJson, &kZipkin};

std::vector<std::string> Sorted(std::vector<std::string> spans) {
  std::sort(spans.begin(), spans.end());
  return spans;
}

// Written by each, from what the one before wrote.
void ExpectSameThroughAll(const Format& from, const std::string& text) {
  model::Names names;
  DecodedSpans before = testing::DecodeSpans(from, text, 2u << 20, names);
  const std::vector<std::string> expected = Sorted(before.spans);
  ASSERT_FALSE(expected.empty());
  for (const Format* const format : kAll) {
    // Whole traces, as a run gives them.
    std::vector<model::CallBatch> batches;
    for (model::CallBatch& batch : before.batches) {
      if (batch.calls.empty()) continue;
      if (batches.empty()) {
        batches.push_back(std::move(batch));
        continue;
      }
      model::CallBatch& all = batches[0];
      for (model::Call call : batch.calls) {
        const size_t at = all.details.size();
        all.details += batch.Details(call);
        call.details_offset = at;
        all.calls.push_back(call);
      }
    }
    std::stable_sort(batches[0].calls.begin(), batches[0].calls.end(),
                     [](const model::Call& a, const model::Call& b) { return a.trace < b.trace; });
    const std::string written = testing::WriteSpans(*format, batches, names);
    before = testing::DecodeSpans(*format, written, 1u << 20, names);
    EXPECT_EQ(before.malformed, 0u) << before.example;
    ASSERT_EQ(Sorted(before.spans), expected) << format->name();
  }
}

TEST(SpansThroughFormats, Random) {
  for (uint64_t seed = 100; seed < 105; ++seed) {
    spans::testing::RandomSpans random(seed);
    model::Names names;
    const auto batches = spans::testing::MakeBatches(testing::RandomTraces(random, 300), names);
    ExpectSameThroughAll(kOtlpJson, testing::WriteSpans(kOtlpJson, batches, names));
  }
}

TEST(SpansThroughFormats, RealTraces) {
  const std::string jaeger = testing::ReadTraces("dsb-hotel-load50.jaeger.ndjson.zst");
  const std::string otlp = testing::ReadTraces("tempo-made-union.otlp.jsonl.zst");
  if (jaeger.empty() || otlp.empty()) {
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no sample data";
    GTEST_SKIP() << "no sample data: set PLUMBAGO_DATA";
  }
  ExpectSameThroughAll(kJaeger, jaeger);
  ExpectSameThroughAll(kOtlpJson, otlp);
}

TEST(SpansThroughFormats, AFileIsOfOneFormat) {
  for (
      const std::string text :
      {R"({"data":[{"traceID":"a","spans":[{"traceID":"a","spanID":"1"}],"processes":{}}]})",
       R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"a","spanId":"1"}]}]}]})",
       R"({"batches":[{"resource":{},"scopeSpans":[{"spans":[{"traceId":"YQ==","spanId":"1"}]}]}]})",
       R"([{"traceId":"a","id":"1","tags":{"spanID":"x","traceID":"y"}}])",
       R"({"service":"S","num":1,"nodes":[["a","x"]],"edges":[["a","a",1,"rpc"]]})"}) {
    int sure = 0;
    for (const Format* const format : Formats()) sure += format->Sniff(text, "") == Match::kYes;
    EXPECT_EQ(sure, 1) << text;
  }
}

}  // namespace
}  // namespace plumbago::formats::json
