// Tables of what a platform says of a day: durations by function, memory by application. Which
// columns a file has, by its header.
//
// Two are known (docs/formats/azure-functions.md), of the Azure release of 2019 and samples of it:
//   HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_{0,1,..100}
//   HashOwner,HashApp,SampleCount,AverageAllocatedMb,AverageAllocatedMb_pct{1,5,..100}
// Samples have the second with a HashFunction, too: each function's share of the application's.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/csv/header.h"
#include "formats/format.h"

namespace plumbago::formats::function_tables {

enum class StatisticsKind : uint8_t { kDurations, kMemory };
// "azure-durations", "azure-memory".
const char* NameOf(StatisticsKind kind);

// Column numbers; csv::kNoColumn where the file has none.
struct StatisticsLayout {
  StatisticsKind kind = StatisticsKind::kDurations;
  uint32_t columns = 0;
  std::string header;
  uint32_t owner = csv::kNoColumn, app = csv::kNoColumn, function = csv::kNoColumn;
  uint32_t count = csv::kNoColumn, average = csv::kNoColumn;
  uint32_t minimum = csv::kNoColumn, maximum = csv::kNoColumn;  // of durations
  std::array<uint32_t, 8> percentiles{};                        // 7 of durations, 8 of memory
  uint32_t day = 0;
};

Match SniffStatistics(StatisticsKind kind, std::string_view head);
// `path` tells the day (azure_name.h). Errors: a needed column is missing.
Result<StatisticsLayout> ReadStatisticsLayout(StatisticsKind kind, std::string_view head,
                                              std::string_view path);

}  // namespace plumbago::formats::function_tables
