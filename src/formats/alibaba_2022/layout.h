// Which column of a file is which: by the header, or by the look of the first row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/format.h"

namespace plumbago::formats::alibaba_2022 {

// Column numbers; csv::kNoColumn where the file has none. trace, path, caller and callee are always
// there.
struct Layout {
  uint32_t columns = 0;  // fields of a row
  std::string header;    // the header line; empty: the file has none
  uint32_t trace, timestamp, entry, path, kind, caller, caller_instance, operation, callee,
      callee_instance, duration;
};

Match SniffLayout(std::string_view head);
// Errors: a needed column is missing.
Result<Layout> ReadLayout(std::string_view head);

}  // namespace plumbago::formats::alibaba_2022
