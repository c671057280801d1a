#include "engine/repaired_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "formats/csv/delimiter_scan.h"

namespace plumbago::engine {
namespace {

void AppendField(std::string_view text, std::string& line) {
  if (!formats::csv::NeedsQuotes(text)) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) line.append(c == '"' ? 2 : 1, c);
  line += '"';
}

}  // namespace

RepairedRows::RepairedRows(const ReadRows& rows, const formats::Encoder& encoder,
                           graph::RepairMode mode, bool log)
    : names_(*rows.names),
      source_(*rows.source),
      encoder_(encoder),
      mode_(mode),
      log_(log),
      spill_(rows.spill),
      most_text_(rows.plan.states / rows.plan.threads),
      builder_(std::make_unique<graph::TraceBuilder>(*rows.names)) {}

void RepairedRows::Release() { builder_ = std::make_unique<graph::TraceBuilder>(names_); }

Result<void> RepairedRows::EndPartition(size_t) {
  if (traces_.allocated() + lines_.allocated() < most_text_) return {};
  RETURN_IF_ERROR(traces_.Spill(spill_));
  return lines_.Spill(spill_);
}

void RepairedRows::Visit(const model::TraceId& trace, std::span<const graph::Row> rows) {
  order_.resize(rows.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    return source_.Before(rows[a].call->origin, rows[b].call->origin);
  });
  std::vector<graph::Row> sorted(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) sorted[i] = rows[order_[i]];

  builder_->Load(trace, sorted, damage_);
  graph::CallGraph graph;
  const bool built = builder_->Build(mode_, graph);
  if (built) {
    builder_->Fates(fates_);
    Encode(sorted, graph);
  } else {
    fates_.assign(sorted.size(), {});
  }
  if (log_) Log(trace, sorted, built);
}

void RepairedRows::Encode(std::span<const graph::Row> rows, const graph::CallGraph& graph) {
  batch_.Clear();
  const auto put = [&](model::Call call, uint32_t index) {
    const graph::TraceCall& made = graph.calls[index];
    call.caller = made.caller;
    call.callee = made.callee;
    if (made.caller != model::kNoService) call.from_user = false;
    // The two spans of a call may name it differently; dotted ids tell one call by one operation.
    if (call.span != 0 && made.operation != model::kNoOperation) call.operation = made.operation;
    batch_.SetPath(call, builder_->CallPath(index));
    batch_.calls.push_back(call);
  };
  for (uint32_t i = 0; i < graph.calls.size(); ++i) {
    const graph::TraceCall& made = graph.calls[i];
    if ((made.mended & graph::kMendedInserted) == 0) continue;
    model::Call call;
    call.trace = graph.trace;
    call.start_ns = made.start_ns() != model::kNoTime ? made.start_ns() : graph.start_ns;
    call.entry = rows.front().call->entry;
    call.operation = made.operation;
    call.kind = model::Kind::kUnknown;
    put(call, i);
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!fates_[i].placed || fates_[i].call == graph::kNone) continue;
    if (mode_ == graph::RepairMode::kNone) {
      batch_.calls.push_back(*rows[i].call);
      batch_.SetEncodedPath(batch_.calls.back(), rows[i].path);
    } else {
      put(*rows[i].call, fates_[i].call);
    }
  }
  encoder_.Encode(batch_, names_, traces_.store());
  rows_written_ += batch_.calls.size();
  traces_.End(rows.front().call->origin, graph.trace.Hash());
}

void RepairedRows::Log(const model::TraceId& trace, std::span<const graph::Row> rows, bool built) {
  std::string& store = lines_.store();
  const std::string id = trace.Text();
  for (size_t i = 0; i < rows.size(); ++i) {
    const graph::RowFate& fate = fates_[i];
    fmt::format_to(std::back_inserter(store), "{},", source_.RowNumber(rows[i].call->origin));
    AppendField(id, store);
    store += ',';
    AppendField(model::PathText(rows[i].path), store);
    store += ',';
    if (built && fate.placed && fate.call != graph::kNone)
      AppendField(builder_->CallPath(fate.call), store);
    store += ',';
    if (fate.parent_inserted) {
      store += "inserted";
    } else if (fate.parent_row != graph::kNone) {
      fmt::format_to(std::back_inserter(store), "{}",
                     source_.RowNumber(rows[fate.parent_row].call->origin));
    }
    fmt::format_to(std::back_inserter(store), ",{:.3g},", fate.confidence);
    AppendField(built ? fate.action : "trace dropped: it is damaged", store);
    store += '\n';
    lines_.End(rows[i].call->origin, i);
  }
}

Result<void> RepairedRows::Merge(RepairedRows&& other) {
  damage_.Merge(other.damage_);
  rows_written_ += other.rows_written_;
  RETURN_IF_ERROR(traces_.Merge(std::move(other.traces_), spill_));
  return lines_.Merge(std::move(other.lines_), spill_);
}

Result<void> RepairedRows::WriteLog(OutputFile& out) {
  RETURN_IF_ERROR(out.Write("row,traceid,written,repaired,parent_row,confidence,action\n"));
  return lines_.Write(out);
}

}  // namespace plumbago::engine
