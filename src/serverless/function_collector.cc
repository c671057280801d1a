#include "serverless/function_collector.h"

#include <span>

#include "base/strong_id.h"

namespace plumbago::serverless {
namespace {

template <class Row>
void RenumberRow(Row& row, const model::NameRanks& ranks) {
  row.app = Id<model::ServiceId>(ranks.services[Index(row.app)]);
  row.function = Id<model::OperationId>(ranks.operations[Index(row.function)]);
  row.owner = Id<model::InstanceId>(ranks.instances[Index(row.owner)]);
}

template <class Row>
void Take(const std::vector<Row>& from, std::vector<Row>& to) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

void FunctionCollector::Accept(model::CallBatch& batch) {
  const model::FunctionRows& rows = batch.functions;
  for (const model::FunctionMinutes& function : rows.minutes) {
    minutes_.push_back(
        {function, store_.Add(std::span(rows.counts).subspan(function.offset, function.counts))});
  }
  Take(rows.durations, durations_);
  Take(rows.memory, memory_);
  Take(rows.executions, executions_);
  Take(rows.cold_starts, cold_starts_);
}

void FunctionCollector::ClearMinutes() {
  minutes_ = {};
  store_.Clear();
}

void FunctionCollector::Renumber(const model::NameRanks& ranks) {
  for (MinuteRow& row : minutes_) RenumberRow(row.of, ranks);
  for (model::FunctionDurations& row : durations_) RenumberRow(row, ranks);
  for (model::AppMemory& row : memory_) RenumberRow(row, ranks);
  for (model::Execution& row : executions_) RenumberRow(row, ranks);
  for (model::ColdStart& row : cold_starts_) RenumberRow(row, ranks);
}

}  // namespace plumbago::serverless
