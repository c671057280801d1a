#include "serverless/duration_builder.h"

#include <string_view>

#include "base/strong_id.h"
#include "serverless/sorted_rows.h"

namespace plumbago::serverless {
namespace {

using Row = model::FunctionDurations;

bool SameFunction(const Row& a, const Row& b) {
  return a.owner == b.owner && a.app == b.app && a.function == b.function;
}

}  // namespace

void BuildDurations(std::vector<FunctionCollector>& collectors, const model::Names& names,
                    AppJoin& join, Workload& load) {
  const std::vector<const Row*> rows = SortedRows(collectors, &FunctionCollector::durations);
  if (rows.empty()) return;
  join.Rewind();
  const Row* last = nullptr;
  FunctionLoad* function = nullptr;
  for (const Row* row : rows) {
    const bool same = last != nullptr && SameFunction(*last, *row);
    if (same && last->day == row->day) {
      ++load.joins.duplicate_durations;
      continue;
    }
    last = row;
    ++load.duration_rows;
    if (!(row->average_ms > 0 && row->minimum_ms > 0 && row->maximum_ms > 0))
      ++load.joins.bad_durations;
    if (!same) {
      const std::string_view owner = names.Text(row->owner), app = names.Text(row->app),
                             name = names.Text(row->function);
      AppLoad* const invoked = join.Find(owner, app);
      function = invoked == nullptr ? nullptr : AppJoin::FindFunction(*invoked, name);
      if (function == nullptr) {
        if (!load.apps.empty()) ++load.joins.functions_in_durations_only;
        function = &join.Other(owner, app).functions.emplace_back();
        function->name = name;
      }
    }
    function->durations.push_back({row->day, row->count, row->average_ms, row->minimum_ms,
                                   row->maximum_ms, row->percentiles_ms});
  }
  load.duplicates += load.joins.duplicate_durations;
  for (FunctionCollector& collector : collectors) collector.durations() = {};
  for (const AppLoad& app : load.apps) {
    for (const FunctionLoad& invoked : app.functions)
      load.joins.functions_without_durations += invoked.durations.empty() ? 1 : 0;
  }
}

}  // namespace plumbago::serverless
