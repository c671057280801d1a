// Spans/s of the decoder and the encoder on one core, 50 MB. Hotel: DeathStarBench's hotel
// reservation, converted (two or three tags a span, 170 bytes). Rich: made up, ten attributes of
// all types, every tenth span with an event, 360 bytes.
#include "formats/otlp_proto/otlp_proto.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

#include "formats/jaeger/jaeger.h"
#include "formats/json/testing/format_benchmark.h"
#include "formats/spans/span_batch.h"
#include "formats/spans/span_ids.h"

namespace plumbago::formats::otlp_proto {
namespace {

using spans::Attribute;
using spans::Value;

constexpr size_t kBytes = 50u << 20;
constexpr uint32_t kSpans = 500 * spans::SpanBatch::kRows;
const OtlpProto kFormat;

std::string HotelOnce() {
  return json::testing::Converted(
      jaeger::Jaeger(), json::testing::ReadTraces("dsb-hotel-load50.jaeger.ndjson.zst"), kFormat);
}

// Rows with details, as a reader hands them on.
std::vector<model::CallBatch> RichRows(size_t operations, model::Names& names) {
  json::testing::KeepingSink sink;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  DecodeContext context{caches, damage, sink, true};
  const Block block;
  spans::SpanBatch batch(block, context);
  const std::vector<Attribute> attributes = {{"rpc.system", Value::Text("grpc")},
                                             {"rpc.service", Value::Text("search.Search")},
                                             {"rpc.method", Value::Text("Nearby")},
                                             {"rpc.grpc.status_code", Value::Int(0)},
                                             {"server.address", Value::Text("search.default.svc")},
                                             {"server.port", Value::Int(8082)},
                                             {"net.sock.peer.addr", Value::Text("10.0.1.142")},
                                             {"thread.id", Value::Int(31)},
                                             {"app.ratio", Value::Double(0.25)},
                                             {"app.cached", Value::Bool(true)}};
  const std::vector<spans::Event> events = {
      {1'700'000'000'000'000'100, "message", std::span(attributes).subspan(6, 2), 0}};
  const std::vector<Attribute> who = {{"k8s.pod.name", Value::Text("pod-7f9c-x2")},
                                      {"telemetry.sdk.language", Value::Text("go")}};
  const char* const services[] = {"frontend", "search", "geo", "rate", "reservation", "profile"};
  std::vector<spans::Resource> resources;
  for (const char* service : services) {
    resources.emplace_back().service = service;
    resources.back().attributes = who;
  }
  const spans::Scope scope{"io.opentelemetry.grpc-1.6", "2.4.0", {}, 0};
  std::mt19937_64 random(1);
  for (uint32_t i = 0; i < kSpans; ++i) {
    spans::Span span;
    span.trace = spans::MakeTraceId(random(), random());
    span.id = random() | 1;
    span.parent = random() | 1;
    span.start_ns = 1'700'000'000'000'000'000 + int64_t{i} * 1000;
    span.duration_ns = static_cast<int64_t>(random() % 10'000'000);
    const std::string name = fmt::format("/search.Search/Nearby{}", random() % operations);
    span.name = name;
    span.kind = i % 2 == 0 ? spans::SpanKind::kServer : spans::SpanKind::kClient;
    span.flags = 1;
    span.resource = &resources[random() % resources.size()];
    span.scope = &scope;
    span.attributes = attributes;
    if (i % 10 == 0) span.events = events;
    batch.Add(span, i);
  }
  batch.Flush();
  return std::move(sink.batches);
}

std::string Encoded(const std::vector<model::CallBatch>& rows, const model::Names& names) {
  std::string text;
  const auto encoder = kFormat.Write().value();
  for (const model::CallBatch& batch : rows) encoder->Encode(batch, names, text);
  return text;
}

void BM_OtlpProtoHotel(benchmark::State& state) {
  json::testing::DecodeRepeatedly(state, kFormat, json::testing::Repeated(HotelOnce(), kBytes),
                                  state.range(0) != 0);
}
BENCHMARK(BM_OtlpProtoHotel)->Arg(0)->Arg(1)->ArgName("details");

void BM_OtlpProtoRich(benchmark::State& state) {
  model::Names names;
  const std::string once = Encoded(RichRows(10, names), names);
  json::testing::DecodeRepeatedly(state, kFormat, json::testing::Repeated(once, kBytes),
                                  state.range(0) != 0);
}
BENCHMARK(BM_OtlpProtoRich)->Arg(0)->Arg(1)->ArgName("details");

// So many names that waiting for their memory shows.
void BM_OtlpProtoManyNames(benchmark::State& state) {
  model::Names names;
  const std::string text = Encoded(RichRows(1'000'000, names), names);
  json::testing::DecodeRepeatedly(state, kFormat, text, false);
}
BENCHMARK(BM_OtlpProtoManyNames);

void BM_OtlpProtoEncodeRich(benchmark::State& state) {
  model::Names names;
  const std::vector<model::CallBatch> rows = RichRows(10, names);
  for (auto _ : state) benchmark::DoNotOptimize(Encoded(rows, names).size());
  state.SetItemsProcessed(state.iterations() * int64_t{kSpans});
}
BENCHMARK(BM_OtlpProtoEncodeRich);

}  // namespace
}  // namespace plumbago::formats::otlp_proto
