// The format `csv`: tables of calls, samples or judged pairs of siblings in any layout that a map
// tells (docs/formats/csv-map.md). Without a map it reads the layout that it writes
// (plain_layout.h).
//
// A table that no map knows is of an unknown format, and in a folder or archive skipped.
#pragma once

#include "formats/csv/table_format.h"
#include "formats/csv_mapped/column_map.h"
#include "formats/format.h"

namespace plumbago::formats {

// Immutable; any number of threads. Its decoders do not refer to it.
class MappedCsv final : public csv::TableFormat {
 public:
  MappedCsv();  // the plain layout alone
  // The tables of `map`, and behind them the plain layout.
  explicit MappedCsv(ColumnMap map);

  std::string_view name() const override { return "csv"; }
  std::string_view help() const override {
    return "any table of calls or samples, told by --map; written: one row a call, plain columns";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;

 private:
  ColumnMap map_;
};

}  // namespace plumbago::formats
