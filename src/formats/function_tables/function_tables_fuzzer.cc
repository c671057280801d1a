// Any text as a table of durations or memory: it is read without a fault, the same whole and in
// small blocks, and its numbers are numbers.
#include <cmath>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "formats/function_tables/statistics_format.h"
#include "formats/testing/plain_statistics.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago::formats;
  using function_tables::StatisticsKind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  plumbago::model::Names names;
  for (const StatisticsKind kind : {StatisticsKind::kDurations, StatisticsKind::kMemory}) {
    const function_tables::StatisticsFormat format(kind);
    const std::string_view head = text.substr(0, 1u << 16);
    const std::string path(text.substr(0, 40));
    format.Sniff(head, path);
    const auto decoder = format.Open(head, path);
    if (!decoder) continue;
    const testing::DecodedStatistics whole =
        testing::DecodeStatistics(format, **decoder, text, size + 1, &names);
    const testing::DecodedStatistics pieces =
        testing::DecodeStatistics(format, **decoder, text, size / 4 + 1, &names);
    CHECK(whole.rows == pieces.rows && whole.lines == pieces.lines &&
          whole.malformed == pieces.malformed && whole.example == pieces.example);
    for (const testing::PlainStatistics& row : whole.rows) {
      CHECK(!row.app.empty());
      for (const double number : row.numbers) CHECK(std::isfinite(number));
    }
  }
  return 0;
}
