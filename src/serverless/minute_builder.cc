#include "serverless/minute_builder.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <compare>
#include <set>

#include "base/strong_id.h"
#include "base/worker_threads.h"
#include "formats/block_source.h"
#include "serverless/pack_minutes.h"

namespace plumbago::serverless {
namespace {

constexpr uint32_t kMinutesOfDay = 1440;

// What rows are sorted by: moving keys is cheaper than moving rows.
struct Key {
  uint32_t owner, app, function, first;
  const FunctionCollector::MinuteRow* row;

  bool SameApp(const Key& other) const { return owner == other.owner && app == other.app; }
  bool operator<(const Key& other) const {
    if (owner != other.owner) return owner < other.owner;
    if (app != other.app) return app < other.app;
    if (function != other.function) return function < other.function;
    if (first != other.first) return first < other.first;
    return formats::BlockSource::Before(row->of.origin, other.row->of.origin);
  }
};

std::vector<Key> SortedKeys(FunctionCollector& collector) {
  std::vector<Key> keys;
  keys.reserve(collector.minutes().size());
  for (const FunctionCollector::MinuteRow& row : collector.minutes())
    keys.push_back(
        {Index(row.of.owner), Index(row.of.app), Index(row.of.function), row.of.first, &row});
  std::sort(keys.begin(), keys.end());
  return keys;
}

// Of all collectors, sorted: each by a thread, then put together.
Result<std::vector<Key>> SortedKeys(std::vector<FunctionCollector>& collectors) {
  std::vector<std::vector<Key>> of_each(collectors.size());
  RETURN_IF_ERROR(RunOnThreads(static_cast<unsigned>(collectors.size()), [&](unsigned thread) {
    of_each[thread] = SortedKeys(collectors[thread]);
  }));
  std::vector<Key> keys;
  for (std::vector<Key>& some : of_each) {
    std::vector<Key> both(keys.size() + some.size());
    std::merge(keys.begin(), keys.end(), some.begin(), some.end(), both.begin());
    keys = std::move(both);
    some = {};
  }
  return keys;
}

// Adds series minute by minute, over so many minutes. Kept by a thread: it is large.
class Summer {
 public:
  explicit Summer(uint32_t minutes)
      : sums_(minutes, 0), active_((minutes + 63) / 64, 0), packed_(minutes * kMaxPairBytes) {}
  void Add(const model::MinuteSeries& series) {
    series.ForEach([this](uint32_t minute, uint64_t count) {
      sums_[minute] += count;
      active_[minute / 64] |= uint64_t{1} << (minute % 64);
    });
  }
  // The sum; leaves nothing.
  model::MinuteSeries Take() {
    model::MinuteSpan span;
    char* at = packed_.data();
    for (uint32_t word = 0; word < active_.size(); ++word) {
      for (uint64_t bits = active_[word]; bits != 0; bits &= bits - 1) {
        const uint32_t minute = word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
        at = WritePair(at, minute - span.last, sums_[minute]);
        span.total += sums_[minute];
        span.last = minute;
        ++span.active;
        sums_[minute] = 0;
      }
      active_[word] = 0;
    }
    span.bytes = {packed_.data(), static_cast<size_t>(at - packed_.data())};
    model::MinuteSeries sum;
    sum.Reserve(span.bytes.size());
    sum.Append(span);
    return sum;
  }

 private:
  std::vector<uint64_t> sums_;
  std::vector<uint64_t> active_;
  std::vector<char> packed_;
};

// What one application's rows come to, beyond the application itself.
struct Totals {
  uint64_t rows = 0, duplicates = 0, invocations = 0;
  uint32_t first = ~uint32_t{0}, end = 0;
  std::set<uint32_t> days;
  int32_t day0 = model::kNoDay;

  void Add(const FunctionCollector::MinuteRow& row) {
    ++rows;
    invocations += row.minutes.total;
    first = std::min(first, row.of.first);
    end = std::max(end, row.of.end);
    days.insert(row.of.first / kMinutesOfDay);
    day0 = std::max(day0, row.of.day0);
  }
  void Add(const Totals& other) {
    rows += other.rows;
    duplicates += other.duplicates;
    invocations += other.invocations;
    first = std::min(first, other.first);
    end = std::max(end, other.end);
    days.insert(other.days.begin(), other.days.end());
    day0 = std::max(day0, other.day0);
  }
};

void BuildApp(std::span<const Key> keys, const model::Names& names, Summer& summer, Totals& totals,
              AppLoad& app) {
  app.owner = names.instances.Text(keys[0].owner);
  app.name = names.services.Text(keys[0].app);
  app.weight = keys[0].row->of.weight;
  for (size_t begin = 0, next = 0; begin < keys.size(); begin = next) {
    FunctionLoad& function = app.functions.emplace_back();
    function.name = names.operations.Text(keys[begin].function);
    function.trigger = keys[begin].row->of.trigger;
    size_t bytes = 0;
    for (next = begin; next < keys.size() && keys[next].function == keys[begin].function; ++next)
      bytes += keys[next].row->minutes.bytes.size();
    function.minutes.Reserve(bytes);
    uint32_t end = 0;  // of the minutes that it has
    for (size_t i = begin; i < next; ++i) {
      const FunctionCollector::MinuteRow& row = *keys[i].row;
      if (i > begin && row.of.first < end) {
        ++totals.duplicates;
        continue;
      }
      end = row.of.end;
      function.minutes.Append(row.minutes);
      totals.Add(row);
    }
  }
  if (app.functions.size() == 1) {
    app.minutes = app.functions[0].minutes;
    return;
  }
  for (const FunctionLoad& function : app.functions) summer.Add(function.minutes);
  app.minutes = summer.Take();
}

}  // namespace

Result<void> BuildMinutes(std::vector<FunctionCollector>& collectors, const model::Names& names,
                          Workload& load) {
  ASSIGN_OR_RETURN(const std::vector<Key> keys, SortedKeys(collectors));
  if (keys.empty()) return {};
  std::vector<size_t> begins;  // of applications
  uint32_t end = 0;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i == 0 || !keys[i].SameApp(keys[i - 1])) begins.push_back(i);
    end = std::max(end, keys[i].row->of.end);
  }
  load.apps.resize(begins.size());
  begins.push_back(keys.size());
  std::vector<Totals> totals(collectors.size());
  std::atomic<size_t> next{0};
  RETURN_IF_ERROR(RunOnThreads(static_cast<unsigned>(collectors.size()), [&](unsigned thread) {
    Summer summer(end);
    for (size_t a = next++; a + 1 < begins.size(); a = next++) {
      BuildApp(std::span(keys).subspan(begins[a], begins[a + 1] - begins[a]), names, summer,
               totals[thread], load.apps[a]);
    }
  }));
  RETURN_IF_ERROR(RunOnThreads(static_cast<unsigned>(collectors.size()),
                               [&](unsigned thread) { collectors[thread].ClearMinutes(); }));
  Totals all;
  for (const Totals& some : totals) all.Add(some);
  load.rows = all.rows;
  load.duplicates += all.duplicates;
  load.joins.duplicate_minutes = all.duplicates;
  load.invocations = all.invocations;
  load.first_minute = all.first;
  load.end_minute = all.end;
  load.day0 = all.day0;
  for (uint32_t day = *all.days.begin(); day < *all.days.rbegin(); ++day) {
    if (!all.days.contains(day)) load.missing_days.push_back(day);
  }
  return {};
}

}  // namespace plumbago::serverless
