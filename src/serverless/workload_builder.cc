#include "serverless/workload_builder.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/strong_id.h"
#include "formats/block_source.h"

namespace plumbago::serverless {
namespace {

using Row = FunctionCollector::Row;

constexpr uint32_t kMinutesOfDay = 1440;

auto FunctionOf(const Row& row) {
  return std::tuple(Index(row.of.owner), Index(row.of.app), Index(row.of.function));
}

void Renumber(std::vector<Row>& rows, model::Names& names) {
  const std::vector<uint32_t> services = names.services.Sort();
  const std::vector<uint32_t> operations = names.operations.Sort();
  const std::vector<uint32_t> instances = names.instances.Sort();
  for (Row& row : rows) {
    row.of.app = Id<model::ServiceId>(services[Index(row.of.app)]);
    row.of.function = Id<model::OperationId>(operations[Index(row.of.function)]);
    row.of.owner = Id<model::InstanceId>(instances[Index(row.of.owner)]);
  }
}

}  // namespace

void FunctionCollector::Accept(model::CallBatch& batch) {
  const model::FunctionRows& rows = batch.functions;
  for (const model::FunctionMinutes& function : rows.minutes) {
    Row& row = rows_.emplace_back();
    row.of = function;
    for (uint32_t i = function.offset; i < function.offset + function.counts; ++i)
      row.minutes.Append(rows.counts[i].minute, rows.counts[i].count);
  }
}

Workload BuildWorkload(std::vector<FunctionCollector>& collectors, model::Names& names) {
  std::vector<Row> rows;
  for (FunctionCollector& collector : collectors) {
    std::move(collector.rows().begin(), collector.rows().end(), std::back_inserter(rows));
    collector.rows().clear();
  }
  Renumber(rows, names);
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    const auto x = std::tuple(FunctionOf(a), a.of.first);
    const auto y = std::tuple(FunctionOf(b), b.of.first);
    return x != y ? x < y : formats::BlockSource::Before(a.of.origin, b.of.origin);
  });
  Workload load;
  std::set<uint32_t> days;
  const Row* last = nullptr;
  uint32_t end = 0;  // of the minutes of the function at hand
  for (const Row& row : rows) {
    const bool same_app =
        last != nullptr && last->of.owner == row.of.owner && last->of.app == row.of.app;
    const bool same_function = same_app && last->of.function == row.of.function;
    if (same_function && row.of.first < end) {
      ++load.duplicates;
      continue;
    }
    last = &row;
    end = row.of.end;
    if (!same_app) {
      AppLoad& app = load.apps.emplace_back();
      app.owner = names.instances.Text(Index(row.of.owner));
      app.name = names.services.Text(Index(row.of.app));
      app.weight = row.of.weight;
    }
    std::vector<FunctionLoad>& functions = load.apps.back().functions;
    if (!same_function) {
      FunctionLoad& function = functions.emplace_back();
      function.name = names.operations.Text(Index(row.of.function));
      function.trigger = row.of.trigger;
    }
    functions.back().minutes.Append(row.minutes);
    load.first_minute = load.rows == 0 ? row.of.first : std::min(load.first_minute, row.of.first);
    load.end_minute = std::max(load.end_minute, row.of.end);
    days.insert(row.of.first / kMinutesOfDay);
    load.invocations += row.minutes.total();
    ++load.rows;
  }
  for (AppLoad& app : load.apps) {
    for (const FunctionLoad& function : app.functions)
      app.minutes = model::MinuteSeries::Sum(app.minutes, function.minutes);
  }
  if (!days.empty()) {
    for (uint32_t day = *days.begin(); day < *days.rbegin(); ++day) {
      if (!days.contains(day)) load.missing_days.push_back(day);
    }
  }
  return load;
}

}  // namespace plumbago::serverless
