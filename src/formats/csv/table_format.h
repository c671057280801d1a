// A format whose records are lines: any CSV table. What such formats have in common.
#pragma once

#include <string_view>

#include "formats/csv/rows.h"
#include "formats/format.h"

namespace plumbago::formats::csv {

class TableFormat : public Format {
 public:
  size_t Cut(std::string_view text, bool end_of_file) const final {
    return CutLines(text, end_of_file);
  }
  bool seekable() const final { return true; }
};

}  // namespace plumbago::formats::csv
