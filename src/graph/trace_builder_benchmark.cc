// Loading and building traces: rows a second.
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "graph/trace_builder.h"

namespace plumbago::graph {
namespace {

struct Traces {
  model::Names names;
  std::deque<model::Call> calls;
  std::deque<std::string> paths;
  std::vector<std::vector<Row>> traces;
};

// Trees of about 25 rows, two rows a remote call and one a cache call, in arbitrary order.
// `damaged`: share of traces that lose a caller, or have an id shared.
// The rows of a trace in the order of time, as archives hold them, or in none.
void Make(size_t count, double damaged, bool in_time, Traces& made) {
  std::mt19937_64 random(7);
  const auto below = [&](uint64_t n) { return random() % n; };
  for (size_t t = 0; t < count; ++t) {
    std::vector<Row> rows;
    struct Node {
      std::string path;
      model::ServiceId service;
      int64_t start, duration;
      uint32_t callees = 0;
    };
    std::vector<Node> nodes;
    const auto add = [&](std::string path, model::ServiceId caller, int64_t start, int64_t duration,
                         bool cache) {
      model::Call call;
      call.caller = caller;
      call.callee = made.names.Service(fmt::format("MS_{}", below(5000)));
      call.operation = made.names.Operation(fmt::format("op{}", below(20000)));
      call.kind = cache ? model::Kind::kCache : model::Kind::kRpc;
      call.start_ns = start;
      call.duration_ns = duration;
      call.side = model::Side::kClient;
      std::string& code = made.paths.emplace_back();
      model::EncodePath(path, code);
      rows.push_back({&made.calls.emplace_back(call), code});
      if (!cache) {
        call.side = model::Side::kServer;
        call.start_ns += 1'000'000;
        call.duration_ns -= 1'000'000;
        rows.push_back({&made.calls.emplace_back(call), code});
      }
      nodes.push_back({std::move(path), call.callee, call.start_ns, call.duration_ns, 0});
    };
    add("0", model::kNoService, static_cast<int64_t>(below(1000)) * 1'000'000'000, 200'000'000,
        false);
    while (rows.size() < 24) {
      Node& caller = nodes[below(nodes.size())];
      if (caller.duration < 5'000'000) continue;
      const std::string path = fmt::format("{}.{}", caller.path, ++caller.callees);
      const auto offset = static_cast<int64_t>(below(static_cast<uint64_t>(caller.duration) / 2));
      add(path, caller.service, caller.start + offset, (caller.duration - offset) / 2,
          below(2) == 0);
    }
    if (static_cast<double>(below(1000)) < damaged * 1000) {
      if (below(2) == 0) {
        rows.erase(rows.begin() + 2, rows.begin() + 4);
      } else {
        rows.back().path = rows[3].path;
      }
    }
    std::shuffle(rows.begin(), rows.end(), random);
    if (in_time) {
      std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return a.call->start_ns < b.call->start_ns;
      });
    }
    made.traces.push_back(std::move(rows));
  }
}

void Run(benchmark::State& state, double damaged, bool in_time = false) {
  Traces made;
  Make(4000, damaged, in_time, made);
  TraceBuilder builder(made.names);
  model::DamageCounts damage;
  int64_t rows = 0;
  for (auto _ : state) {
    for (const auto& trace : made.traces) {
      builder.Load({}, trace, damage);
      CallGraph graph;
      benchmark::DoNotOptimize(builder.Build(RepairMode::kRebuild, graph));
      rows += static_cast<int64_t>(trace.size());
    }
  }
  state.SetItemsProcessed(rows);
}

void BM_UndamagedInTime(benchmark::State& state) { Run(state, 0, true); }
void BM_Undamaged(benchmark::State& state) { Run(state, 0); }
void BM_FivePercentDamaged(benchmark::State& state) { Run(state, 0.05); }
void BM_AllDamaged(benchmark::State& state) { Run(state, 1); }
BENCHMARK(BM_UndamagedInTime)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Undamaged)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_FivePercentDamaged)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_AllDamaged)->Unit(benchmark::kMillisecond);

// One trace of many rows under one id, or ever deeper: nothing may be quadratic.
void BM_ManyRowsOfOneId(benchmark::State& state) {
  Traces made;
  std::mt19937_64 random(7);
  std::string& path = made.paths.emplace_back();
  model::EncodePath("0.1", path);
  std::vector<Row> rows;
  for (int64_t i = 0; i < state.range(0); ++i) {
    model::Call call;
    call.caller = made.names.Service("A");
    call.callee = made.names.Service(fmt::format("B{}", random() % 100));
    call.kind = model::Kind::kRpc;
    call.start_ns = static_cast<int64_t>(random() % 1'000'000) * 1'000'000;
    call.duration_ns = static_cast<int64_t>(random() % 100) * 1'000'000;
    std::string& below = made.paths.emplace_back();
    model::EncodePath("0.1.1", below);
    rows.push_back({&made.calls.emplace_back(call), i % 2 == 0 ? path : below});
  }
  TraceBuilder builder(made.names);
  model::DamageCounts damage;
  for (auto _ : state) {
    builder.Load({}, rows, damage);
    CallGraph graph;
    benchmark::DoNotOptimize(builder.Build(RepairMode::kRebuild, graph));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ManyRowsOfOneId)->Arg(1000)->Arg(50'000)->Unit(benchmark::kMillisecond);

// Spans instead of paths: 24 a trace, of a client's and a server's side, with work inside services.
// `marked`: they tell their side.
void RunSpans(benchmark::State& state, bool marked, double damaged, bool keep = false) {
  Traces made;
  std::mt19937_64 random(7);
  const auto below = [&](uint64_t n) { return random() % n; };
  for (size_t t = 0; t < 4000; ++t) {
    struct Node {
      uint64_t span;
      model::ServiceId service;
      int64_t start, duration;
    };
    std::vector<Node> nodes;
    std::vector<Row> rows;
    const auto add = [&](uint64_t parent, model::ServiceId service, int64_t start, int64_t duration,
                         model::Side side) {
      model::Call call;
      call.span = random() | 1;
      call.parent_span = parent;
      call.start_ns = start;
      call.duration_ns = duration;
      call.side = marked ? side : model::Side::kUnknown;
      (call.side == model::Side::kClient ? call.caller : call.callee) = service;
      call.operation = made.names.Operation(fmt::format("op{}", below(20000)));
      rows.push_back({&made.calls.emplace_back(call), {}});
      return call.span;
    };
    const auto service = [&] { return made.names.Service(fmt::format("MS_{}", below(5000))); };
    const auto begin = static_cast<int64_t>(below(1000)) * 1'000'000'000;
    const model::ServiceId entry = service();
    nodes.push_back(
        {add(0, entry, begin, 200'000'000, model::Side::kServer), entry, begin, 200'000'000});
    while (rows.size() < 24) {
      const Node from = nodes[below(nodes.size())];
      if (from.duration < 1'000) continue;
      const auto offset = static_cast<int64_t>(below(static_cast<uint64_t>(from.duration) / 2));
      const int64_t start = from.start + offset;
      const int64_t duration = (from.duration - offset) / 2;
      const bool inside = below(3) == 0;
      const uint64_t span = add(from.span, from.service, start, duration,
                                inside ? model::Side::kUnknown : model::Side::kClient);
      const model::ServiceId callee = inside ? from.service : service();
      nodes.push_back(
          {inside ? span : add(span, callee, start + 1, duration - 2, model::Side::kServer), callee,
           start + 1, duration - 2});
    }
    if (static_cast<double>(below(1000)) < damaged * 1000) rows.erase(rows.begin() + 3);
    std::shuffle(rows.begin(), rows.end(), random);
    made.traces.push_back(std::move(rows));
  }
  TraceBuilder builder(made.names);
  builder.KeepSpans(keep);
  model::DamageCounts damage;
  int64_t rows = 0;
  for (auto _ : state) {
    for (const auto& trace : made.traces) {
      builder.Load({}, trace, damage);
      CallGraph graph;
      benchmark::DoNotOptimize(builder.Build(RepairMode::kRebuild, graph));
      rows += static_cast<int64_t>(trace.size());
    }
  }
  state.SetItemsProcessed(rows);
}
void BM_SpansMarked(benchmark::State& state) { RunSpans(state, true, 0); }
void BM_SpansUnmarked(benchmark::State& state) { RunSpans(state, false, 0); }
void BM_SpansAllDamaged(benchmark::State& state) { RunSpans(state, true, 1); }
void BM_SpansMarkedKept(benchmark::State& state) { RunSpans(state, true, 0, true); }
BENCHMARK(BM_SpansMarked)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SpansMarkedKept)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SpansUnmarked)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SpansAllDamaged)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbago::graph
