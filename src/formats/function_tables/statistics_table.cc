#include "formats/function_tables/statistics_table.h"

#include <algorithm>

#include "formats/function_tables/azure_name.h"

namespace plumbago::formats::function_tables {

const char* NameOf(StatisticsKind kind) {
  return kind == StatisticsKind::kDurations ? "azure-durations" : "azure-memory";
}

Match SniffStatistics(StatisticsKind kind, std::string_view head) {
  if (csv::BeginsLikeJson(csv::FirstLine(head))) return Match::kNo;
  return ReadStatisticsLayout(kind, head, "") ? Match::kYes : Match::kNo;
}

Result<StatisticsLayout> ReadStatisticsLayout(StatisticsKind kind, std::string_view head,
                                              std::string_view path) {
  static const csv::ColumnSpec kOfDurations[] = {{{"hashowner"}, true},
                                                 {{"hashapp"}, true},
                                                 {{"hashfunction"}, true},
                                                 {{"count"}, true},
                                                 {{"average"}, true},
                                                 {{"minimum"}, true},
                                                 {{"maximum"}, true},
                                                 {{"percentile_average_0"}, true},
                                                 {{"percentile_average_1"}, true},
                                                 {{"percentile_average_25"}, true},
                                                 {{"percentile_average_50"}, true},
                                                 {{"percentile_average_75"}, true},
                                                 {{"percentile_average_99"}, true},
                                                 {{"percentile_average_100"}, true}};
  static const csv::ColumnSpec kOfMemory[] = {{{"hashowner"}, true},
                                              {{"hashapp"}, true},
                                              {{"hashfunction"}, false},
                                              {{"samplecount"}, true},
                                              {{"averageallocatedmb"}, true},
                                              {{"averageallocatedmb_pct1"}, true},
                                              {{"averageallocatedmb_pct5"}, true},
                                              {{"averageallocatedmb_pct25"}, true},
                                              {{"averageallocatedmb_pct50"}, true},
                                              {{"averageallocatedmb_pct75"}, true},
                                              {{"averageallocatedmb_pct95"}, true},
                                              {{"averageallocatedmb_pct99"}, true},
                                              {{"averageallocatedmb_pct100"}, true}};
  const csv::Header header = csv::Header::Parse(head);
  const bool durations = kind == StatisticsKind::kDurations;
  const std::span<const csv::ColumnSpec> specs =
      durations ? std::span<const csv::ColumnSpec>(kOfDurations) : kOfMemory;
  ASSIGN_OR_RETURN(const std::vector<uint32_t> bound, csv::Bind(header, specs, NameOf(kind)));
  StatisticsLayout layout;
  layout.kind = kind;
  layout.columns = header.columns();
  layout.header = csv::FirstLine(head);
  layout.owner = bound[0];
  layout.app = bound[1];
  layout.function = bound[2];
  layout.count = bound[3];
  layout.average = bound[4];
  if (durations) {
    layout.minimum = bound[5];
    layout.maximum = bound[6];
  }
  std::copy(bound.begin() + (durations ? 7 : 5), bound.end(), layout.percentiles.begin());
  layout.day = ReadAzureName(path).day;
  return layout;
}

}  // namespace plumbago::formats::function_tables
