#include "serverless/release_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <set>
#include <string_view>

#include "formats/function_tables/azure_name.h"
#include "serverless/reference_release.h"

namespace plumbago::serverless {
namespace {

using document::Cell;
using document::Unit;
using formats::function_tables::ReleaseTable;

// One total: of the release, and here; equal where they are so to the release's digits.
struct Total {
  std::string name;
  std::string release, here;
  bool equal = false;
};

class Totals {
 public:
  void Count(std::string name, uint64_t release, uint64_t here) {
    all_.push_back(
        {std::move(name), fmt::format("{}", release), fmt::format("{}", here), release == here});
  }
  void Number(std::string name, double release, double here, int digits) {
    Text(std::move(name), fmt::format("{:.{}f}", release, digits),
         fmt::format("{:.{}f}", here, digits));
  }
  void Text(std::string name, std::string release, std::string here) {
    const bool equal = release == here;
    all_.push_back({std::move(name), std::move(release), std::move(here), equal});
  }
  size_t differing() const {
    return static_cast<size_t>(
        std::count_if(all_.begin(), all_.end(), [](const Total& t) { return !t.equal; }));
  }
  const std::vector<Total>& all() const { return all_; }

 private:
  std::vector<Total> all_;
};

bool AllOf(const std::vector<uint32_t>& days, ReleaseTable table) {
  return days.size() == release::kFiles[static_cast<size_t>(table) - 1];
}

// "1-3+7"; "-": none.
std::string DaysText(const std::vector<uint32_t>& days) {
  if (days.empty()) return "-";
  std::vector<std::string> runs;
  for (size_t begin = 0, end = 0; begin < days.size(); begin = end) {
    for (end = begin + 1; end < days.size() && days[end] == days[end - 1] + 1; ++end) {
    }
    runs.push_back(end - begin == 1 ? fmt::format("{}", days[begin])
                                    : fmt::format("{}-{}", days[begin], days[end - 1]));
  }
  return fmt::format("{}", fmt::join(runs, "+"));
}

void AddCheap(const Workload& load, const ReleaseParts& parts, Totals& totals) {
  const JoinCounts& joins = load.joins;
  if (AllOf(parts.invocations, ReleaseTable::kInvocations)) {
    totals.Count("rows of invocations", release::kInvocationRows,
                 load.rows + joins.duplicate_minutes);
    std::set<std::string_view> owners;
    size_t functions = 0;
    for (const AppLoad& app : load.apps) {
      owners.insert(app.owner);
      functions += app.functions.size();
    }
    totals.Count("owners", release::kOwners, owners.size());
    totals.Count("applications", release::kApps, load.apps.size());
    totals.Count("functions", release::kFunctions, functions);
    totals.Count("invocations", release::kInvocations, load.invocations);
  }
  if (AllOf(parts.durations, ReleaseTable::kDurations))
    totals.Count("rows of durations", release::kDurationRows,
                 load.duration_rows + joins.duplicate_durations);
  if (AllOf(parts.memory, ReleaseTable::kMemory))
    totals.Count("rows of memory", release::kMemoryRows, load.memory_rows + joins.duplicate_memory);
}

// Of sorted values, between two where it falls there, as the notebook's data frames have it.
double Quantile(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return std::nan("");
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<size_t>(at);
  const size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

void AddFunctionsOfApps(const Workload& load, Totals& totals) {
  std::vector<double> sizes;
  double sum = 0;
  for (const AppLoad& app : load.apps) {
    sizes.push_back(static_cast<double>(app.functions.size()));
    sum += sizes.back();
  }
  std::sort(sizes.begin(), sizes.end());
  totals.Number("functions of an application, mean", release::kFunctionsOfAppMean,
                sum / static_cast<double>(sizes.size()), 2);
  const auto quantile = [&](const char* name, uint64_t of_release, double q) {
    totals.Number(fmt::format("functions of an application, {}", name),
                  static_cast<double>(of_release), Quantile(sizes, q), 0);
  };
  quantile("P50", release::kFunctionsOfAppP50, 0.5);
  quantile("P95", release::kFunctionsOfAppP95, 0.95);
  quantile("P99", release::kFunctionsOfAppP99, 0.99);
  quantile("most", release::kFunctionsOfAppMost, 1);
}

// "94409f24: 1800297327".
std::string Popular(std::string_view hash, uint64_t invocations) {
  return fmt::format("{}: {}", hash.substr(0, 8), invocations);
}

void AddPopularity(const Workload& load, Totals& totals) {
  std::vector<std::pair<uint64_t, std::string_view>> apps, functions;
  for (const AppLoad& app : load.apps) {
    apps.emplace_back(app.minutes.total(), app.name);
    for (const FunctionLoad& function : app.functions)
      functions.emplace_back(function.minutes.total(), function.name);
  }
  std::sort(apps.begin(), apps.end(), std::greater<>());
  for (size_t i = 0; i < release::kTopApps.size(); ++i) {
    const release::TopApp& top = release::kTopApps[i];
    totals.Text(fmt::format("application {} by invocations", i + 1),
                Popular(top.hash, top.invocations),
                i < apps.size() ? Popular(apps[i].second, apps[i].first) : "none");
  }
  const auto most = std::max_element(functions.begin(), functions.end());
  totals.Text("function with most invocations",
              Popular(release::kTopFunction.hash, release::kTopFunction.invocations),
              most != functions.end() ? Popular(most->second, most->first) : "none");
  uint64_t sum = 0, of_95 = 0, of_99 = 0, top_20 = 0, top_100 = 0, top_500 = 0;
  const auto all = static_cast<double>(load.invocations);
  for (size_t i = 0; i < apps.size(); ++i) {
    sum += apps[i].first;
    const auto share = static_cast<double>(sum);
    if (of_95 == 0 && share >= 0.95 * all) of_95 = i + 1;
    if (of_99 == 0 && share >= 0.99 * all) of_99 = i + 1;
    if (i < 20) top_20 = sum;
    if (i < 100) top_100 = sum;
    if (i < 500) top_500 = sum;
  }
  totals.Count("applications with 95 % of invocations", release::kAppsOf95Percent, of_95);
  totals.Count("applications with 99 % of invocations", release::kAppsOf99Percent, of_99);
  const auto percent = [&](const char* name, double of_release, uint64_t top) {
    totals.Number(name, of_release, 100 * static_cast<double>(top) / all, 2);
  };
  percent("invocations of the 20 top applications, %", release::kPercentOfTop20, top_20);
  percent("invocations of the 100 top applications, %", release::kPercentOfTop100, top_100);
  percent("invocations of the 500 top applications, %", release::kPercentOfTop500, top_500);
}

void AddClock(const Workload& load, Totals& totals) {
  constexpr uint32_t kMinutesOfDay = 1440;
  std::array<uint64_t, kMinutesOfDay> minutes{};
  for (const AppLoad& app : load.apps) {
    app.minutes.ForEach(
        [&](uint32_t minute, uint64_t count) { minutes[minute % kMinutesOfDay] += count; });
  }
  const auto clock = [](uint32_t minute) {
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
  };
  const auto [fewest, most] = std::minmax_element(minutes.begin(), minutes.end());
  totals.Text("minute of the day with most invocations", clock(release::kMostMinute),
              clock(static_cast<uint32_t>(most - minutes.begin())));
  totals.Text("minute of the day with fewest", clock(release::kFewestMinute),
              clock(static_cast<uint32_t>(fewest - minutes.begin())));
  for (uint32_t hour = 0; hour < release::kHours.size(); ++hour) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 60; ++i) sum += minutes[hour * 60 + i];
    totals.Number(fmt::format("millions of invocations from {:02}:00", hour), release::kHours[hour],
                  static_cast<double>(sum) / 1e6, 0);
  }
}

void AddMemory(const Workload& load, Totals& totals) {
  std::vector<double> averages;
  for (const std::vector<AppLoad>* apps : {&load.apps, &load.uninvoked}) {
    for (const AppLoad& app : *apps) {
      for (const MemoryDay& day : app.memory) averages.push_back(day.average_mb);
    }
  }
  std::sort(averages.begin(), averages.end());
  for (size_t i = 0; i < release::kMemoryMb.size(); ++i) {
    totals.Number(fmt::format("memory, average, MB, P{}", release::kMemoryPercents[i]),
                  release::kMemoryMb[i], Quantile(averages, release::kMemoryPercents[i] / 100.0),
                  0);
  }
}

Totals Compare(const Workload& load, const ReleaseParts& parts) {
  Totals totals;
  AddCheap(load, parts, totals);
  const bool minutes = AllOf(parts.invocations, ReleaseTable::kInvocations);
  const bool memory = AllOf(parts.memory, ReleaseTable::kMemory);
  if (minutes && AllOf(parts.durations, ReleaseTable::kDurations))
    totals.Count("functions never in durations", release::kFunctionsWithoutDurations,
                 load.joins.functions_without_durations);
  if (minutes && memory)
    totals.Count("applications never in memory", release::kAppsWithoutMemory,
                 load.joins.apps_without_memory);
  if (minutes && !load.apps.empty()) {
    AddFunctionsOfApps(load, totals);
    AddPopularity(load, totals);
    AddClock(load, totals);
  }
  if (memory) AddMemory(load, totals);
  return totals;
}

std::string PartsText(const ReleaseParts& parts) {
  return fmt::format("invocations of days {}, durations of days {}, memory of days {}",
                     DaysText(parts.invocations), DaysText(parts.durations),
                     DaysText(parts.memory));
}

}  // namespace

bool ReleaseParts::all() const {
  return AllOf(invocations, ReleaseTable::kInvocations) &&
         AllOf(durations, ReleaseTable::kDurations) && AllOf(memory, ReleaseTable::kMemory);
}

std::optional<ReleaseParts> PartsOfRelease(const std::vector<std::string>& files) {
  ReleaseParts parts;
  for (const std::string& file : files) {
    const auto name = formats::function_tables::ReadAzureName(file);
    switch (name.table) {
      case ReleaseTable::kNone:
        return std::nullopt;
      case ReleaseTable::kInvocations:
        parts.invocations.push_back(name.day + 1);
        break;
      case ReleaseTable::kDurations:
        parts.durations.push_back(name.day + 1);
        break;
      case ReleaseTable::kMemory:
        parts.memory.push_back(name.day + 1);
        break;
    }
  }
  if (files.empty()) return std::nullopt;
  for (std::vector<uint32_t>* days : {&parts.invocations, &parts.durations, &parts.memory})
    std::sort(days->begin(), days->end());
  return parts;
}

std::optional<document::Section> ReleaseCheck(const ReadWorkload& read) {
  const std::optional<ReleaseParts> parts = PartsOfRelease(read.files);
  if (!parts) return std::nullopt;
  const Totals totals = Compare(read.load, *parts);
  document::Section section;
  section.id = "release-check";
  section.title = "Is this the release";
  section.question =
      "do the tables that are named as those of the Azure release of 2019 come to "
      "what it must come to?";
  section.AddHeadline("totals_compared", "totals compared", Unit::kCount,
                      static_cast<double>(totals.all().size()));
  section.AddHeadline("totals_differing", "that differ", Unit::kCount,
                      static_cast<double>(totals.differing()));
  document::Table table;
  table.id = "release_totals";
  table.title = "Totals, those that differ first";
  table.columns = {{"total", "total", Unit::kNone, ""},
                   {"release", "the release's", Unit::kNone, "as a public notebook counted it"},
                   {"here", "here", Unit::kNone, ""},
                   {"equal", "equal", Unit::kNone, ""}};
  for (const bool equal : {false, true}) {
    for (const Total& total : totals.all()) {
      if (total.equal != equal) continue;
      table.rows.push_back({Cell(total.name), Cell(total.release), Cell(total.here),
                            Cell(std::string(total.equal ? "yes" : "no"))});
    }
  }
  section.tables.push_back(std::move(table));
  section.computed = fmt::format(
      "{}{}. A total is compared where all days of its tables are there (14 of invocations, 14 of "
      "durations, 12 of memory), to the digits that are known. The totals are of a secondary "
      "source, the notebook TamaraTer/Analisi_AzureFunctions_2019; rows that are there twice are "
      "counted as it counts them, lines that are no rows are not. Tables that a generator wrote "
      "under the release's names differ.",
      parts->all() ? "All files of the release are there: " : "Parts of the release are there: ",
      PartsText(*parts));
  return section;
}

std::optional<document::Statement> ReleaseStatement(const ReadWorkload& read) {
  const std::optional<ReleaseParts> parts = PartsOfRelease(read.files);
  if (!parts) return std::nullopt;
  document::Statement statement{"release", {}};
  if (!parts->all())
    statement.parts.push_back("files are named as a part of Azure's of 2019: " + PartsText(*parts));
  Totals totals;
  AddCheap(read.load, *parts, totals);
  if (totals.all().empty()) return statement;
  const size_t differing = totals.differing();
  if (differing == 0) {
    statement.parts.push_back(
        fmt::format("all {} totals that are compared are those of Azure's "
                    "release of 2019",
                    totals.all().size()));
    return statement;
  }
  statement.parts.push_back(
      fmt::format("NOT Azure's of 2019, whatever its files are called: {} of {} totals differ",
                  differing, totals.all().size()));
  const auto first = std::find_if(totals.all().begin(), totals.all().end(),
                                  [](const Total& total) { return !total.equal; });
  statement.parts.push_back(fmt::format("{} {}, not {}", first->name, first->here, first->release));
  return statement;
}

}  // namespace plumbago::serverless
