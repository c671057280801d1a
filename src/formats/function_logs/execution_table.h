// The format `csv` of functions: a log of executions as a table, in columns that a map tells or
// that have plain names (docs/formats/function-log.md).
#pragma once

#include "formats/csv/table_format.h"
#include "formats/csv_mapped/column_map.h"

namespace plumbago::formats::function_logs {

// Immutable; any thread. Its decoders do not refer to it.
class ExecutionTable final : public csv::TableFormat {
 public:
  explicit ExecutionTable(const ColumnMap& map = {});

  std::string_view name() const override { return "csv"; }
  std::string_view help() const override {
    return "a log of executions as a table: app,function,start,duration, or as --map says";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;

 private:
  ColumnMap map_;
};

}  // namespace plumbago::formats::function_logs
