// bench_spans columns FILE | bench_spans path SPANS: what no command of the program does alone, for
// bench/run.
//   columns  reads a file of traces and decodes it into batches of calls, on this thread, and keeps
//   nothing path     the merged critical path of so many made spans in memory, in traces of 25,
//   with its tables
// Prints one JSON object: rows (or spans), seconds, cpu_seconds, by its own clock.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/critical_path.h"
#include "formats/block_source.h"
#include "graph/testing/many_spans.h"

namespace plumbago {
namespace {

// Wall and processor time since it was made.
class Clock {
 public:
  void Print(std::string_view what, uint64_t count, uint64_t damaged) const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start_;
    fmt::print("{{\"{}\": {}, \"damaged\": {}, \"seconds\": {}, \"cpu_seconds\": {}}}\n", what,
               count, damaged, wall.count(), CpuSeconds() - cpu_);
  }

 private:
  static double CpuSeconds() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
  }
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double cpu_ = CpuSeconds();
};

struct CountingSink final : formats::BatchSink {
  void Accept(model::CallBatch& batch) override { rows += batch.calls.size(); }
  uint64_t rows = 0;
};

int Columns(const std::string& file) {
  const Clock clock;
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  CountingSink sink;
  const std::vector<std::string> inputs{file};
  const auto source = formats::BlockSource::Open(inputs, {});
  if (!source) {
    fmt::print(stderr, "{}\n", source.error().Text());
    return 3;
  }
  for (std::string storage;;) {
    const auto block = (*source)->Next(storage, damage);
    if (!block) {
      fmt::print(stderr, "{}\n", block.error().Text());
      return 3;
    }
    if (!*block) break;
    formats::DecodeContext context{caches, damage, sink};
    (*block)->decoder->Decode(**block, context);
  }
  clock.Print("rows", sink.rows, damage.Count(model::Damage::kMalformed));
  return 0;
}

int Path(uint32_t count) {
  using analysis::CriticalPath;
  const auto traces = graph::testing::ManySpans(25, count);
  model::Names names;
  for (int i = 1; i <= 200; ++i) {
    names.Service("service" + std::to_string(i));
    names.Operation("operation" + std::to_string(i));
  }
  analysis::Facts facts;
  facts.names = &names;
  const graph::TraceCall call;
  const Clock clock;
  CriticalPath::State observed;
  uint64_t id = 0, spans = 0;
  for (const auto& trace : traces) {
    graph::CallGraph graph;
    graph.trace = {.hi = 1, .lo = ++id * 0x9E3779B97F4A7C15u};
    graph.calls = std::span(&call, 1);
    graph.spans = trace;
    CriticalPath::Observe(observed, graph, facts);
    spans += trace.size();
  }
  const auto section = CriticalPath::Conclude(observed, facts);
  if (section.tables.empty()) return 1;
  clock.Print("spans", spans, 0);
  return 0;
}

}  // namespace
}  // namespace plumbago

int main(int argc, char** argv) {
  const std::string_view what = argc == 3 ? argv[1] : "";
  if (what == "columns") return plumbago::Columns(argv[2]);
  if (what == "path")
    return plumbago::Path(static_cast<uint32_t>(std::strtoul(argv[2], nullptr, 10)));
  fmt::print(stderr, "bench_spans columns FILE | bench_spans path SPANS\n");
  return 2;
}
