#include "formats/function_tables/statistics_format.h"

#include <utility>

#include "formats/function_tables/statistics_decoder.h"

namespace plumbago::formats::function_tables {

std::string_view StatisticsFormat::help() const {
  return kind_ == StatisticsKind::kDurations
             ? "durations of Azure Functions, 2019: HashOwner,HashApp,HashFunction,Average,Count,"
               "Minimum,Maximum,percentile_Average_0..100"
             : "memory of Azure Functions, 2019: HashOwner,HashApp,SampleCount,AverageAllocatedMb,"
               "AverageAllocatedMb_pct1..100";
}

Match StatisticsFormat::Sniff(std::string_view head, std::string_view) const {
  return SniffStatistics(kind_, head);
}

Result<std::unique_ptr<Decoder>> StatisticsFormat::Open(std::string_view head,
                                                        std::string_view path) const {
  ASSIGN_OR_RETURN(StatisticsLayout layout, ReadStatisticsLayout(kind_, head, path));
  return std::make_unique<StatisticsDecoder>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> StatisticsFormat::Write() const {
  return Fail(ErrorKind::kUnsupported, "tables of functions are read only");
}

}  // namespace plumbago::formats::function_tables
