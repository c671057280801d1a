// Any text as a map, and below a line "%%" any text as a table: both are read without a fault, the
// table the same whole and in small blocks, and calls that are written read as the same calls. A
// text without that line is a table in the plain layout.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "formats/csv_mapped/map_file.h"
#include "formats/csv_mapped/mapped_csv.h"
#include "formats/testing/decoded_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago::formats;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  ColumnMap map;
  const size_t end = text.find("\n%%\n");
  if (end != std::string_view::npos) {
    auto parsed = ParseMap(text.substr(0, end + 1), "map");
    if (!parsed) {
      CHECK(parsed.error().where.line > 0 && !parsed.error().message.empty());
      return 0;
    }
    map = std::move(*parsed);
    text.remove_prefix(end + 4);
  }
  const MappedCsv format(map);
  const bool known = format.Sniff(text.substr(0, 1u << 16), "a/b.csv") == Match::kYes;
  const auto decoder = format.Open(text.substr(0, 1u << 16), "a/b.csv");
  CHECK(known == decoder.has_value());
  if (!decoder) return 0;
  plumbago::model::Names names;
  std::string written;
  testing::Decoded whole =
      testing::DecodeText(format, **decoder, text, size + 1, &written, nullptr, &names);
  const testing::Decoded pieces =
      testing::DecodeText(format, **decoder, text, size / 4 + 1, nullptr, nullptr, &names);
  CHECK(whole.rows == pieces.rows && whole.lines == pieces.lines &&
        whole.malformed == pieces.malformed);
  CHECK(whole.example == pieces.example && whole.example_line == pieces.example_line);
  const MappedCsv plain;
  testing::Decoded again = testing::DecodeText(plain, *plain.Open(written, "").value(), written,
                                               written.size() + 1, nullptr, nullptr, &names);
  CHECK(again.malformed == 0 && again.rows.size() == whole.rows.size());
  for (size_t i = 0; i < again.rows.size(); ++i) {
    again.rows[i].line = whole.rows[i].line = 0;
    CHECK(whole.rows[i] == again.rows[i]);
  }
  return 0;
}
