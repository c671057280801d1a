#include "generate/functions/block_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>

#include "generate/functions/function_names.h"
#include "generate/functions/minute_rows.h"
#include "model/function_rows.h"

namespace plumbago::generate::functions {
namespace {

// Numbers of names that only one table has.
constexpr uint32_t kOnlyInDurations = 0x8000;
constexpr uint32_t kOnlyInMemory = 0x80000000;

// A line that is no row: cut off, with a count that is none, with a column too many.
void AppendMalformed(std::string_view names, uint32_t kind, std::string& text) {
  if (kind == 0) {
    text.append(names.substr(0, names.size() / 2)).append("\n");
    return;
  }
  AppendMinuteRow(names, {}, text);
  if (kind == 1) {
    text[text.size() - 2] = 'x';
  } else {
    text.insert(text.size() - 1, ",0");
  }
}

}  // namespace

BlockMaker::BlockMaker(const WorkloadShape& shape, const PlanOptions& plans,
                       const AppPlanner& planner, const InvocationOptions& options,
                       const LogChoice& log)
    : shape_(shape),
      options_(options),
      log_choice_(log),
      apps_(options.apps),
      counts_(shape, plans, planner),
      invocations_(options.days),
      durations_(options.days),
      memory_(options.memory_days),
      active_(size_t{options.days} * kWords),
      busy_(options.days) {}

void BlockMaker::Make(uint64_t block) {
  for (auto* tables : {&invocations_, &durations_, &memory_}) {
    for (std::string& text : *tables) text.clear();
  }
  log_.clear();
  const auto first = static_cast<uint32_t>(block * kAppsOfBlock);
  const uint32_t end = std::min(first + kAppsOfBlock, apps_);
  for (uint32_t app = first; app < end; ++app) MakeApp(app);
}

void BlockMaker::MakeApp(uint32_t app) {
  const AppPlan& plan = counts_.Make(app);
  std::fill(active_.begin(), active_.end(), 0);
  std::fill(busy_.begin(), busy_.end(), 0);
  const bool logged = log_choice_.Has(plan.rank);
  Written written;
  for (uint32_t f = 0; f < plan.functions.size(); ++f) MakeFunction(plan, f, logged, written);
  MakeMemory(plan, written);
  InvocationCounts& counts = truth_.counts;
  counts.apps += written.invocations;
  counts.log_apps += logged && written.total > 0;
  if (options_.memory_days > 0) {
    counts.apps_without_memory += written.invocations && !written.memory;
    counts.apps_in_memory_only += !written.invocations && written.memory;
  }
  if (plan.planted != Planted::kNone && written.total > 0) {
    truth_.planted.push_back({plan, written.total});
  }
}

void BlockMaker::MakeFunction(const AppPlan& plan, uint32_t f, bool logged, Written& app) {
  const std::vector<MinuteCount>& all = counts_.of(f);
  if (all.empty()) return;
  const uint64_t number = FunctionNumber(plan.app, f);
  const HashName owner(options_.seed, HashName::kOwner, plan.owner);
  const HashName name(options_.seed, HashName::kApp, plan.app);
  const HashName function(options_.seed, HashName::kFunction, number);
  ids_.assign(owner.text()).append(",").append(name.text()).append(",").append(function.text());
  ids_ += ',';
  names_.assign(ids_).append(
      model::TriggerName(static_cast<model::Trigger>(plan.functions[f].trigger + 1)));
  names_ += ',';
  const FunctionTimes times(shape_, options_.seed, number);
  Random random(MixSeeds(MixSeeds(options_.seed, 0xDA7), number));
  Random log_random(MixSeeds(MixSeeds(options_.seed, 0x106), number));
  // What is broken comes from a stream of its own, so all else stays as it is.
  Random harm(MixSeeds(MixSeeds(options_.seed, 0xBAD), number));
  const bool no_durations = harm.Chance(options_.damage.one_table);
  const bool other_name = harm.Chance(options_.damage.one_table);
  Written written;
  for (size_t from = 0; from < all.size();) {
    const uint32_t day = all[from].minute / kMinutesOfDay;
    if (day >= options_.days) break;
    size_t to = from;
    uint64_t total = 0;
    uint64_t* bits = &active_[size_t{day} * kWords];
    for (; to < all.size() && all[to].minute / kMinutesOfDay == day; ++to) {
      total += all[to].count;
      const uint32_t minute = all[to].minute % kMinutesOfDay;
      bits[minute / 64] |= uint64_t{1} << minute % 64;
    }
    const std::span<const MinuteCount> counts = std::span(all).subspan(from, to - from);
    busy_[day] += static_cast<double>(total) * times.average_s();
    written.total += total;
    if (day + 1 != options_.damage.missing_day) {
      MakeInvocations(number, day, counts, harm);
      truth_.counts.invocations += total;
      written.invocations = true;
    }
    FunctionTimes::Day took = times.DrawDay(total, counts.size(), random);
    if (!no_durations) {
      uint64_t count = total;
      // Never of a function's first row: it stays known.
      if (written.durations && harm.Chance(options_.damage.negative)) {
        took.average_ms = -1 - took.average_ms;
        ++truth_.counts.negative_rows;
      }
      if (harm.Chance(options_.damage.counts)) {
        count += 1 + count / 8;
        ++truth_.counts.other_count_rows;
      }
      AddDurationRow(ids_, took, count, durations_[day]);
      written.durations = true;
    }
    if (from == 0 && other_name) {
      const HashName other(options_.seed, HashName::kFunction,
                           FunctionNumber(plan.app, f | kOnlyInDurations));
      std::string ids(ids_, 0, ids_.size() - 65);
      ids.append(other.text()).append(",");
      AddDurationRow(ids, times.DrawDay(total, counts.size(), random), total, durations_[day]);
      ++truth_.counts.functions_in_durations_only;
    }
    if (logged) MakeLog(std::string_view(ids_).substr(65), times, counts, log_random);
    from = to;
  }
  truth_.counts.functions += written.invocations;
  truth_.counts.functions_without_durations += written.invocations && !written.durations;
  truth_.counts.functions_in_durations_only += !written.invocations && written.durations;
  app.invocations = app.invocations || written.invocations;
  app.total += written.total;
}

void BlockMaker::MakeInvocations(uint64_t function, uint32_t day,
                                 std::span<const MinuteCount> counts, Random& harm) {
  std::string& text = invocations_[day];
  AppendMinuteRow(names_, counts, text);
  ++truth_.counts.rows;
  if (harm.Chance(options_.damage.duplicates)) {
    // Unlike the first, so that it shows which one was kept.
    const MinuteCount other{counts[0].minute, counts[0].count + 1};
    AppendMinuteRow(names_, {&other, 1}, text);
    ++truth_.counts.duplicate_rows;
  }
  if (harm.Chance(options_.damage.malformed)) {
    AppendMalformed(names_, static_cast<uint32_t>((function + day) % 3), text);
    ++truth_.counts.malformed_lines;
  }
}

void BlockMaker::AddDurationRow(std::string_view ids, const FunctionTimes::Day& day, uint64_t count,
                                std::string& text) {
  ++truth_.counts.duration_rows;
  truth_.counts.not_above_0_rows +=
      day.average_ms <= 0 || day.minimum_ms <= 0 || day.maximum_ms <= 0;
  fmt::format_to(std::back_inserter(text), "{}{},{},{}.0,{}.0", ids, day.average_ms, count,
                 day.minimum_ms, day.maximum_ms);
  for (const int64_t percentile : day.percentiles_ms) {
    fmt::format_to(std::back_inserter(text), ",{}", percentile);
  }
  text += '\n';
}

void BlockMaker::MakeLog(std::string_view ids, const FunctionTimes& times,
                         std::span<const MinuteCount> counts, Random& random) {
  for (const MinuteCount& here : counts) {
    for (uint32_t i = 0; i < here.count; ++i) {
      // Counts by minute are of executions that ended in it.
      const double end = 60.0 * here.minute + 60 * (i + random.Unit()) / here.count;
      fmt::format_to(std::back_inserter(log_), "{}{:.6f},{:.3f}\n", ids, end, times.Draw(random));
    }
    truth_.counts.log_rows += here.count;
  }
}

void BlockMaker::MakeMemory(const AppPlan& plan, Written& app) {
  if (options_.memory_days == 0 || app.total == 0) return;
  const HashName owner(options_.seed, HashName::kOwner, plan.owner);
  const HashName name(options_.seed, HashName::kApp, plan.app);
  ids_.assign(owner.text()).append(",").append(name.text()).append(",");
  const AppMemoryDraw draw(shape_, options_.seed, plan.app);
  Random random(MixSeeds(MixSeeds(options_.seed, 0x3E4), plan.app));
  Random harm(MixSeeds(MixSeeds(options_.seed, 0xBAE), plan.app));
  const bool none = harm.Chance(options_.damage.one_table);
  bool other_name = harm.Chance(options_.damage.one_table);
  for (uint32_t day = 0; day < options_.memory_days; ++day) {
    const uint32_t loaded = LoadedMinutes(day);
    if (loaded == 0) continue;
    // As many instances as work at once in the mean while it is loaded; a sample each 5 s.
    const double at_once = busy_[day] / (60.0 * loaded);
    const auto instances = std::max<uint64_t>(1, static_cast<uint64_t>(std::min(at_once, 1e5)));
    const uint64_t samples = uint64_t{12} * loaded * instances;
    const AppMemoryDraw::Day allocated = draw.DrawDay(random);
    if (!none) {
      AddMemoryRow(ids_, allocated, samples, memory_[day]);
      ++truth_.counts.memory_rows;
      app.memory = true;
    }
    if (other_name) {
      const HashName other(options_.seed, HashName::kApp, plan.app | kOnlyInMemory);
      std::string ids(owner.text());
      ids.append(",").append(other.text()).append(",");
      AddMemoryRow(ids, allocated, samples, memory_[day]);
      ++truth_.counts.memory_rows;
      ++truth_.counts.apps_in_memory_only;
      other_name = false;
    }
  }
}

void BlockMaker::AddMemoryRow(std::string_view ids, const AppMemoryDraw::Day& day, uint64_t samples,
                              std::string& text) const {
  fmt::format_to(std::back_inserter(text), "{}{},{}", ids, samples, day.average_mb);
  for (const int64_t percentile : day.percentiles_mb) {
    fmt::format_to(std::back_inserter(text), ",{}", percentile);
  }
  text += '\n';
}

uint32_t BlockMaker::LoadedMinutes(uint32_t day) const {
  const uint64_t* bits = &active_[size_t{day} * kWords];
  uint32_t loaded = 0;
  uint32_t until = 0;  // minutes below are counted
  for (uint32_t word = 0; word < kWords; ++word) {
    for (uint64_t left = bits[word]; left != 0; left &= left - 1) {
      const uint32_t minute = word * 64 + static_cast<uint32_t>(std::countr_zero(left));
      const uint32_t end = std::min(minute + 21, kMinutesOfDay);
      loaded += end - std::max(until, minute);
      until = end;
    }
  }
  return loaded;
}

}  // namespace plumbago::generate::functions
