// Parquet to rows: about a million spans, made of the sample data with new trace ids, decoded piece
// by piece on one thread and on two, by our own reader of pages (0) and by DuckDB (1). Without the
// samples or the library (which makes the files) nothing is measured.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "store/parquet/parquet_format.h"
#include "store/query.h"

namespace plumbago::store {
namespace {

constexpr int kTimes = 1500;

std::string Sample(const std::string& name) {
  const char* folder = std::getenv("PLUMBAGO_DATA");
  return std::string(folder != nullptr ? folder : "../shared/data") + "/traces/" + name;
}

// A folder that goes away with the program.
struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "plumbago-bench-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path, error);
  }
  std::string path;
};

class Count final : public formats::BatchSink {
 public:
  void Accept(model::CallBatch& batch) override { rows += batch.calls.size(); }
  uint64_t rows = 0;
};

const std::string& BenchFolder() {
  static const Folder folder;
  return folder.path;
}

// Of all pieces; counts rows.
void DecodeAll(benchmark::State& state, const std::string& path) {
  const auto threads = static_cast<unsigned>(state.range(0));
  const ParquetFormat format(state.range(1) == 0 ? ParquetFormat::Through::kPages
                                                 : ParquetFormat::Through::kDuckDb);
  uint64_t rows = 0;
  for (auto _ : state) {
    model::Names names;
    const auto decoder = format.Open("PAR1", path);
    if (!decoder) {
      state.SkipWithError(decoder.error().message.c_str());
      return;
    }
    std::atomic<uint32_t> next{0};
    std::atomic<uint64_t> all{0};
    std::vector<std::jthread> workers;
    for (unsigned t = 0; t < threads; ++t) {
      workers.emplace_back([&] {
        model::NameCaches caches(names);
        model::DamageCounts damage;
        Count sink;
        for (uint32_t piece; (piece = next++) < (*decoder)->pieces();) {
          formats::DecodeContext context{caches, damage, sink, false};
          formats::Block block;
          block.index = block.piece = piece;
          (*decoder)->Decode(block, context);
        }
        all += sink.rows;
      });
    }
    workers.clear();
    rows += all;
  }
  state.SetItemsProcessed(static_cast<int64_t>(rows));
}

void Measure(benchmark::State& state, const std::string& sample, const std::string& id,
             const std::string& name, int group, bool with_meta) {
  const std::string path = BenchFolder() + "/" + name + "/data.parquet";
  if (!std::filesystem::exists(Sample(sample)) || !DuckDbApi()) {
    state.SkipWithError("no samples, or no libduckdb");
    return;
  }
  if (!std::filesystem::exists(path)) {
    std::filesystem::create_directories(BenchFolder() + "/" + name);
    if (with_meta) {
      std::filesystem::copy(std::filesystem::path(Sample(sample)).parent_path() / "meta.json",
                            BenchFolder() + "/" + name + "/meta.json");
    }
    const auto made = Query::Do(fmt::format(
        "COPY (SELECT t.* REPLACE ({} AS {}) FROM read_parquet({}) t, range({}) r(i) ORDER BY r.i) "
        "TO {} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {})",
        id, with_meta ? "\"TraceID\"" : "\"TraceId\"", QuotedPath(Sample(sample)), kTimes,
        Quoted(path), group));
    if (!made) {
      state.SkipWithError(made.error().message.c_str());
      return;
    }
  }
  DecodeAll(state, path);
}

void MeasureFlat(benchmark::State& state) {
  const std::string path = BenchFolder() + "/flat.parquet";
  if (!DuckDbApi()) {
    state.SkipWithError("no libduckdb");
    return;
  }
  if (!std::filesystem::exists(path)) {
    const auto made = Query::Do(fmt::format(
        "COPY (SELECT unhex(md5((i // 10)::VARCHAR)) AS trace_id, unhex(printf('%016x', "
        "hash(i))) AS span_id, CASE WHEN i % 10 > 0 THEN unhex(printf('%016x', hash(i - 1))) END "
        "AS parent_span_id, 'service' || i % 20 AS service, 'GET /' || hash(i) % 100 AS name, "
        "CASE i % 2 WHEN 0 THEN 'server' ELSE 'client' END AS kind, 1700000000000000000 + i * 1000 "
        "AS start_ns, (hash(i) % 1000000)::BIGINT AS duration_ns, 'ok' AS status, MAP "
        "{{'http.request.method': 'GET', 'http.route': '/' || hash(i) % 100, 'k': 'v' || i % 50}} "
        "AS attributes, MAP {{'host.name': 'h' || i % 200}} AS resource_attributes, true AS "
        "from_store FROM range({}) r(i)) TO {} (FORMAT parquet, COMPRESSION zstd, "
        "PARQUET_VERSION v2)",
        1'000'000, Quoted(path)));
    if (!made) {
      state.SkipWithError(made.error().message.c_str());
      return;
    }
  }
  DecodeAll(state, path);
}

void BM_TempoBlock(benchmark::State& state) {
  Measure(state, "tempo-made/vParquet5/made/5a000000-0000-4000-8000-000000000001/data.parquet",
          "unhex(md5(hex(\"TraceID\") || r.i::VARCHAR))::BLOB", "tempo", 4096, true);
}
BENCHMARK(BM_TempoBlock)
    ->ArgNames({"threads", "duckdb"})
    ->ArgsProduct({{1, 2}, {0, 1}})
    ->UseRealTime()
    ->MeasureProcessCPUTime();

// Made up, in our own schema.
void BM_Flat(benchmark::State& state) { MeasureFlat(state); }
BENCHMARK(BM_Flat)
    ->ArgNames({"threads", "duckdb"})
    ->ArgsProduct({{1, 2}, {0, 1}})
    ->UseRealTime()
    ->MeasureProcessCPUTime();

void BM_ClickHouseTable(benchmark::State& state) {
  Measure(state, "clickhouse/otel_traces.parquet", "md5(\"TraceId\" || r.i::VARCHAR)", "clickhouse",
          122880, false);
}
BENCHMARK(BM_ClickHouseTable)
    ->ArgNames({"threads", "duckdb"})
    ->ArgsProduct({{1, 2}, {1}})
    ->UseRealTime()
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace plumbago::store
