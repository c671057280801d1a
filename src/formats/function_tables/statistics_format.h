// Tables of durations and of memory as formats.
#pragma once

#include <memory>
#include <string_view>

#include "formats/csv/table_format.h"
#include "formats/format.h"
#include "formats/function_tables/statistics_table.h"

namespace plumbago::formats::function_tables {

// Immutable; any thread.
class StatisticsFormat final : public csv::TableFormat {
 public:
  explicit StatisticsFormat(StatisticsKind kind) : kind_(kind) {}
  std::string_view name() const override { return NameOf(kind_); }
  std::string_view help() const override;
  Match Sniff(std::string_view head, std::string_view path) const override;
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;

 private:
  const StatisticsKind kind_;
};

}  // namespace plumbago::formats::function_tables
