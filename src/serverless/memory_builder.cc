#include "serverless/memory_builder.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/strong_id.h"
#include "serverless/sorted_rows.h"

namespace plumbago::serverless {
namespace {

using Row = model::AppMemory;

MemoryDay DayOf(const Row& row) {
  return {row.day, row.samples, row.average_mb, row.percentiles_mb};
}

// More functions than any application of the release has (302).
constexpr size_t kMostFunctions = 1000;

bool IsWhole(double value) {
  // Shares have the precision of a double, so a multiple is off by much less than this.
  return std::abs(value - std::round(value)) < 1e-9 * std::max(1.0, std::abs(value));
}

// Of how many functions `share` is one; 0: cannot say.
size_t FunctionsOf(const Row& share, size_t at_hand) {
  for (size_t n = at_hand; n <= kMostFunctions; ++n) {
    const auto times = static_cast<double>(n);
    if (IsWhole(share.average_mb * times) &&
        std::all_of(share.percentiles_mb.begin(), share.percentiles_mb.end(),
                    [&](double value) { return IsWhole(value * times); })) {
      return n;
    }
  }
  return 0;
}

// Rows of one application. By day: the whole application's before functions' shares.
void BuildApp(std::vector<const Row*>& rows, Workload& load, AppLoad& app) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row* a, const Row* b) { return a->day < b->day; });
  std::vector<const Row*> shares;
  for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    shares.clear();
    for (end = begin; end < rows.size() && rows[end]->day == rows[begin]->day; ++end) {
      const bool doubled = !shares.empty() && (rows[begin]->function == model::kNoOperation ||
                                               rows[end]->function == shares.back()->function);
      if (doubled) {
        ++load.joins.duplicate_memory;
        continue;
      }
      shares.push_back(rows[end]);
      ++load.memory_rows;
      if (!(rows[end]->average_mb > 0)) ++load.joins.bad_memory;
    }
    app.memory.push_back(shares[0]->function == model::kNoOperation ? DayOf(*shares[0])
                                                                    : WholeOfShares(shares));
  }
  double sum = 0, weights = 0, plain = 0, days = 0;
  for (const MemoryDay& day : app.memory) {
    if (!(day.average_mb > 0)) continue;
    const auto samples = static_cast<double>(day.samples);
    sum += samples * day.average_mb;
    weights += samples;
    plain += day.average_mb;
    ++days;
  }
  if (days > 0) app.memory_mb = weights > 0 ? sum / weights : plain / days;
}

}  // namespace

MemoryDay WholeOfShares(std::span<const Row* const> shares) {
  MemoryDay whole = DayOf(*shares[0]);
  const bool alike = std::all_of(shares.begin(), shares.end(), [&](const Row* share) {
    return share->average_mb == whole.average_mb && share->percentiles_mb == whole.percentiles_mb;
  });
  const size_t functions = alike ? FunctionsOf(*shares[0], shares.size()) : 0;
  if (functions > 0) {
    const auto times = static_cast<double>(functions);
    whole.average_mb = std::round(whole.average_mb * times);
    for (double& value : whole.percentiles_mb) value = std::round(value * times);
    return whole;
  }
  for (const Row* share : shares.subspan(1)) {
    whole.samples = std::max(whole.samples, share->samples);
    whole.average_mb += share->average_mb;
    for (size_t i = 0; i < whole.percentiles_mb.size(); ++i)
      whole.percentiles_mb[i] += share->percentiles_mb[i];
  }
  return whole;
}

void BuildMemory(std::vector<FunctionCollector>& collectors, const model::Names& names,
                 AppJoin& join, Workload& load) {
  const std::vector<const Row*> rows = SortedRows(collectors, &FunctionCollector::memory);
  if (rows.empty()) return;
  join.Rewind();
  std::vector<const Row*> of_app;
  for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    of_app.clear();
    for (end = begin; end < rows.size() && rows[end]->owner == rows[begin]->owner &&
                      rows[end]->app == rows[begin]->app;
         ++end) {
      of_app.push_back(rows[end]);
    }
    const std::string_view owner = names.Text(rows[begin]->owner),
                           name = names.Text(rows[begin]->app);
    AppLoad* app = join.Find(owner, name);
    if (app == nullptr) {
      if (!load.apps.empty()) ++load.joins.apps_in_memory_only;
      app = &join.Other(owner, name);
    }
    BuildApp(of_app, load, *app);
  }
  load.duplicates += load.joins.duplicate_memory;
  for (FunctionCollector& collector : collectors) collector.memory() = {};
  for (const AppLoad& app : load.apps) load.joins.apps_without_memory += app.memory.empty() ? 1 : 0;
}

}  // namespace plumbago::serverless
