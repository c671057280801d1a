#include "cli/trace_executions.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <utility>

#include "engine/merged_walk.h"
#include "engine/span_visitor.h"
#include "formats/csv_mapped/execution_time.h"
#include "render/quantity.h"
#include "serverless/function_collector.h"
#include "serverless/workload_builder.h"

namespace plumbago::cli {
namespace {

int64_t MicrosOf(int64_t ns) { return ns / 1000 - (ns % 1000 < 0 ? 1 : 0); }

// One thread's share.
class Entries final : public engine::SpanVisitor {
 public:
  explicit Entries(const model::Names& names)
      : SpanVisitor(names, graph::RepairMode::kRebuild), collectors(1) {}

  void Look(const graph::CallGraph& graph, std::span<const graph::Row>,
            std::span<const graph::TraceSpan> spans) override {
    stand_for += graph.weight;
    const graph::TraceSpan* const entry = engine::EntryOf(spans);
    if (entry == nullptr || entry->service == model::kNoService) {
      ++without_entry;
      return;
    }
    const int64_t start_ns = entry->start_ns != model::kNoTime ? entry->start_ns : graph.start_ns;
    if (start_ns == model::kNoTime) {
      ++without_time;
      return;
    }
    model::Execution execution;
    execution.app = entry->service;
    execution.function = entry->operation;
    execution.dated = start_ns >= formats::kFirstDatedNs;
    execution.start_us = MicrosOf(start_ns);
    if (entry->duration_ns != model::kNoTime) execution.duration_us = entry->duration_ns / 1000;
    if (entry->kind == model::Kind::kHttp) execution.trigger = model::Trigger::kHttp;
    if (entry->kind == model::Kind::kMessage) execution.trigger = model::Trigger::kQueue;
    batch_.functions.executions.push_back(execution);
    collectors[0].Accept(batch_);
    batch_.Clear();
  }

  void Merge(Entries&& other) {
    MergeCounts(other);
    without_entry += other.without_entry;
    without_time += other.without_time;
    stand_for += other.stand_for;
    for (serverless::FunctionCollector& one : other.collectors)
      collectors.push_back(std::move(one));
  }

  std::vector<serverless::FunctionCollector> collectors;
  uint64_t without_entry = 0, without_time = 0;
  double stand_for = 0;  // traces, by their weights

 private:
  model::CallBatch batch_;
};

document::Statement Describe(const Entries& all) {
  document::Statement statement{"traces", {}};
  const auto add = [&](uint64_t count, const char* what) {
    if (count > 0) statement.parts.push_back(fmt::format("{} {}", render::Count(count), what));
  };
  statement.parts.push_back(
      fmt::format("{} {}: entry services are applications, their operations functions",
                  render::Count(all.traces), all.traces == 1 ? "trace" : "traces"));
  add(all.without_entry, "without an entry, or without its name: LEFT OUT");
  add(all.without_time, "without a time: LEFT OUT");
  if (std::llround(all.stand_for) > static_cast<int64_t>(all.traces)) {
    statement.parts.push_back(
        fmt::format("SAMPLED: they stand for {}; only those that are here are counted",
                    render::Count(static_cast<uint64_t>(std::llround(all.stand_for)))));
  }
  return statement;
}

}  // namespace

Result<serverless::ReadWorkload> ReadTraceExecutions(const engine::ReadOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(engine::ReadRows rows, engine::ReadAllRows(options));
  ASSIGN_OR_RETURN(const auto walk, engine::AskAllTraces(rows, options.show_progress, [&] {
                     return std::make_unique<Entries>(*rows.names);
                   }));
  Entries& all = *walk.visitor;
  serverless::ReadWorkload read;
  ASSIGN_OR_RETURN(read.load, serverless::BuildWorkload(all.collectors, *rows.names));
  read.damage = rows.damage;
  read.damage.Merge(all.damage);
  read.rows = rows.rows;
  read.interrupted = rows.interrupted || !walk.all;
  read.statements.push_back(Describe(all));
  serverless::DescribeInput(*rows.source, read);
  read.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (read.load.apps.empty() && !read.interrupted) {
    return Fail(ErrorKind::kBadInput,
                fmt::format("no trace with a named entry and a time among {}", all.traces));
  }
  return read;
}

}  // namespace plumbago::cli
