// The layout in which the format `csv` is written: one row a call, every column of the model, names
// as text, times in whole nanoseconds (docs/formats/csv-map.md).
#pragma once

#include <string_view>
#include <vector>

#include "formats/csv_mapped/column_map.h"
#include "formats/format.h"

namespace plumbago::formats {

// The map that reads it: what examples/maps/plumbago.toml says.
extern const std::string_view kPlainMap;
// Its tables: of calls, then those of plain_samples.h.
const std::vector<TableMap>& PlainTables();

// Immutable; any number of threads.
class PlainEncoder final : public Encoder {
 public:
  void Header(std::string& out) const override;
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
};

}  // namespace plumbago::formats
