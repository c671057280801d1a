#include "serverless/execution_builder.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/strong_id.h"
#include "serverless/app_join.h"
#include "serverless/start_log_builder.h"

namespace plumbago::serverless {
namespace {

using model::Execution;

constexpr int64_t kMinuteUs = 60'000'000;
constexpr int64_t kDayUs = 1440 * kMinuteUs;
constexpr int64_t kMostUs = int64_t{1} << 32 << 25;  // minutes stay below 2^32

int64_t EndUs(const Execution& one) { return one.start_us + std::max<int64_t>(one.duration_us, 0); }

int64_t DayOf(int64_t us) { return us / kDayUs - (us % kDayUs < 0 ? 1 : 0); }

// What rows are sorted by: all that they say.
auto KeyOf(const Execution& one) {
  return std::tuple(Index(one.owner), Index(one.app), one.start_us, Index(one.function),
                    one.duration_us, one.cold_us, one.was_cold, one.trigger, one.memory_mb);
}

// Rows with times since minute 0, all of them within the data.
std::vector<Execution> Placed(std::vector<FunctionCollector>& collectors, Workload& load) {
  std::vector<Execution> rows;
  size_t size = 0;
  for (FunctionCollector& collector : collectors) size += collector.executions().size();
  rows.reserve(size);
  bool dated = false;
  int64_t first_us = INT64_MAX;
  for (FunctionCollector& collector : collectors) {
    for (const Execution& one : collector.executions()) {
      if (!one.dated) continue;
      dated = true;
      first_us = std::min(first_us, one.start_us);
    }
  }
  if (dated && load.day0 == model::kNoDay) load.day0 = static_cast<int32_t>(DayOf(first_us));
  const int64_t zero_us = dated ? load.day0 * kDayUs : 0;
  for (FunctionCollector& collector : collectors) {
    for (Execution one : collector.executions()) {
      if (dated && !one.dated) {
        ++load.log.undated;
        continue;
      }
      one.start_us -= zero_us;
      const int64_t end_us = EndUs(one);
      if (end_us < 0 || end_us > kMostUs) {
        ++load.log.outside;
        continue;
      }
      if (one.start_us < 0) {
        ++load.log.clipped;
        one.start_us = 0;
        one.duration_us = end_us;
      }
      rows.push_back(one);
    }
    collector.executions() = {};
  }
  std::sort(rows.begin(), rows.end(),
            [](const Execution& a, const Execution& b) { return KeyOf(a) < KeyOf(b); });
  return rows;
}

// Starts of one function, as they come.
class StartCounter {
 public:
  void Add(const Execution& one) {
    const auto minute = static_cast<uint32_t>(one.start_us / kMinuteUs);
    if (count_ > 0 && minute != minute_) Flush();
    minute_ = minute;
    ++count_;
    ++triggers_[static_cast<size_t>(one.trigger)];
  }
  void Finish(FunctionLoad& function) {
    if (count_ > 0) Flush();
    function.minutes = std::move(minutes_);
    // The one that most rows say.
    size_t most = 0;
    for (size_t i = 1; i < triggers_.size(); ++i) {
      if (triggers_[i] > (most == 0 ? 0 : triggers_[most])) most = i;
    }
    function.trigger = static_cast<model::Trigger>(most);
  }

 private:
  void Flush() {
    minutes_.Append(minute_, count_);
    count_ = 0;
  }

  model::MinuteSeries minutes_;
  uint32_t minute_ = 0;
  uint64_t count_ = 0;
  std::array<uint64_t, model::kTriggers> triggers_{};
};

// `rows`: of one application.
AppLoad MakeApp(std::span<const Execution> rows, const model::Names& names, LogCounts& log) {
  AppLoad app;
  app.owner = names.instances.Text(Index(rows[0].owner));
  app.name = names.services.Text(Index(rows[0].app));
  std::vector<uint32_t> ids;
  for (const Execution& one : rows) ids.push_back(Index(one.function));
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<StartCounter> counters(ids.size());
  StartCounter all;
  double memory = 0;
  uint64_t said = 0;
  app.executions.reserve(rows.size());
  for (const Execution& one : rows) {
    const auto function = static_cast<uint32_t>(
        std::lower_bound(ids.begin(), ids.end(), Index(one.function)) - ids.begin());
    counters[function].Add(one);
    all.Add(one);
    app.executions.push_back(
        {one.start_us, std::max<int64_t>(one.duration_us, 0), one.cold_us, function});
    log.without_duration += one.duration_us < 0;
    log.cold += one.was_cold;
    if (one.memory_mb > 0) {
      memory += static_cast<double>(one.memory_mb);
      ++said;
    }
  }
  app.functions.resize(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    app.functions[i].name = names.operations.Text(ids[i]);
    counters[i].Finish(app.functions[i]);
  }
  FunctionLoad whole;
  all.Finish(whole);
  app.minutes = std::move(whole.minutes);
  if (said > 0) app.memory_mb = memory / static_cast<double>(said);
  return app;
}

// The workload spans what the rows tell of, too: from the first start until the last start and end.
// `days` that have a row, ascending.
void Span(int64_t first_us, int64_t last_us, int64_t end_us, const std::vector<uint32_t>& days,
          Workload& load) {
  const auto first = static_cast<uint32_t>(first_us / kMinuteUs);
  const auto end = static_cast<uint32_t>(
      std::max(last_us / kMinuteUs + 1, (end_us + kMinuteUs - 1) / kMinuteUs));
  const bool tables = load.end_minute > load.first_minute;
  std::vector<uint32_t> had;  // days of the tables
  for (uint32_t day = load.first_minute / 1440; tables && day * 1440 < load.end_minute; ++day) {
    if (!std::binary_search(load.missing_days.begin(), load.missing_days.end(), day))
      had.push_back(day);
  }
  load.first_minute = tables ? std::min(load.first_minute, first) : first;
  load.end_minute = std::max(load.end_minute, end);
  load.missing_days.clear();
  for (uint32_t day = load.first_minute / 1440; day * uint64_t{1440} < load.end_minute; ++day) {
    if (!std::binary_search(days.begin(), days.end(), day) &&
        !std::binary_search(had.begin(), had.end(), day))
      load.missing_days.push_back(day);
  }
}

// `rows`: of all applications, sorted; at least one.
void AddApps(const std::vector<Execution>& rows, const model::Names& names, Workload& load) {
  int64_t first_us = INT64_MAX, last_us = 0, end_us = 0;
  std::vector<uint32_t> days;  // that an execution begins or ends in
  for (const Execution& one : rows) {
    first_us = std::min(first_us, one.start_us);
    last_us = std::max(last_us, one.start_us);
    end_us = std::max(end_us, EndUs(one));
    for (const int64_t at : {one.start_us, EndUs(one)}) {
      const auto day = static_cast<uint32_t>(at / kDayUs);
      if (days.empty() || days.back() != day) days.push_back(day);
    }
  }
  std::sort(days.begin(), days.end());
  Span(first_us, last_us, end_us, days, load);
  AppJoin tables(load);
  std::vector<AppLoad> apps;
  for (size_t begin = 0, next = 0; begin < rows.size(); begin = next) {
    while (next < rows.size() && rows[next].owner == rows[begin].owner &&
           rows[next].app == rows[begin].app)
      ++next;
    AppLoad app = MakeApp(std::span(rows).subspan(begin, next - begin), names, load.log);
    if (tables.Find(app.owner, app.name) != nullptr) {
      load.log.in_tables += next - begin;
      continue;
    }
    load.execution_rows += next - begin;
    load.invocations += next - begin;
    apps.push_back(std::move(app));
  }
  const auto middle = static_cast<std::ptrdiff_t>(load.apps.size());
  load.apps.insert(load.apps.end(), std::make_move_iterator(apps.begin()),
                   std::make_move_iterator(apps.end()));
  std::inplace_merge(load.apps.begin(), load.apps.begin() + middle, load.apps.end(),
                     [](const AppLoad& a, const AppLoad& b) {
                       return std::tie(a.owner, a.name) < std::tie(b.owner, b.name);
                     });
}

}  // namespace

void BuildExecutions(std::vector<FunctionCollector>& collectors, const model::Names& names,
                     Workload& load) {
  const std::vector<Execution> rows = Placed(collectors, load);
  if (!rows.empty()) AddApps(rows, names, load);
  BuildStartLogs(collectors, names, load);
}

}  // namespace plumbago::serverless
