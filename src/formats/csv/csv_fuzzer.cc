// Any text: the fast reader and its naive twin say the same, whatever the number of columns.
#include <cstdint>

#include "base/check.h"
#include "formats/csv/header.h"
#include "formats/csv/naive_csv.h"
#include "formats/csv/number.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago::formats::csv;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto columns = std::max(1u, Header::Parse(text).columns());
  uint32_t lines = 0;
  uint32_t naive_lines = 0;
  CHECK(FastRows(text, columns, lines) == NaiveRows(text, columns, naive_lines));
  CHECK(lines == naive_lines);
  return 0;
}
