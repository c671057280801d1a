#include "formats/function_formats.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/edit_distance.h"
#include "formats/function_logs/azure_2021.h"
#include "formats/function_logs/execution_table.h"
#include "formats/function_logs/function_log.h"
#include "formats/function_logs/huawei_starts.h"
#include "formats/function_minutes/minute_format.h"
#include "formats/function_tables/statistics_format.h"

namespace plumbago::formats {

std::span<const Format* const> FunctionFormats() {
  using function_minutes::MinuteFormat, function_minutes::TableKind;
  using function_tables::StatisticsFormat, function_tables::StatisticsKind;
  static const MinuteFormat kAzure(TableKind::kAzure2019), kVectors(TableKind::kVectors);
  static const StatisticsFormat kDurations(StatisticsKind::kDurations),
      kMemory(StatisticsKind::kMemory);
  static const function_logs::Azure2021 kAzure2021;
  static const function_logs::HuaweiStarts kHuawei;
  static const function_logs::FunctionLog kLog;
  static const function_logs::ExecutionTable kTable;
  static const Format* const kFormats[] = {&kAzure,     &kVectors, &kDurations, &kMemory,
                                           &kAzure2021, &kHuawei,  &kLog,       &kTable};
  return kFormats;
}

Result<const Format*> FindFunctionFormat(std::string_view name) {
  std::vector<std::string_view> names;
  std::string known;
  for (const Format* format : FunctionFormats()) {
    if (format->name() == name) return format;
    names.push_back(format->name());
    known += fmt::format("\n  {:<20}{}", format->name(), format->help());
  }
  const std::string_view near = NearestName(name, names);
  return Fail(ErrorKind::kUsage,
              fmt::format("no format of functions is called '{}'{}; there are{}", name,
                          near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near), known));
}

}  // namespace plumbago::formats
