// Any text as a log of functions, in each of the formats of this folder: it is read without a
// fault, the same whole and in small blocks (of damaged JSON, what a fault costs may depend on the
// blocks). Above a line "%%" it may have a map.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "formats/csv_mapped/map_file.h"
#include "formats/function_logs/azure_2021.h"
#include "formats/function_logs/execution_table.h"
#include "formats/function_logs/function_log.h"
#include "formats/function_logs/huawei_starts.h"
#include "formats/testing/plain_executions.h"

namespace {

using namespace plumbago::formats;

void Check(const Format& format, bool lines, std::string_view text, plumbago::model::Names& names) {
  const std::string_view head = text.substr(0, 1u << 16);
  const bool known = format.Sniff(head, "a/b") == Match::kYes;
  const auto decoder = format.Open(head, "a/b");
  CHECK(!known || decoder.has_value());
  if (!decoder) return;
  const testing::DecodedExecutions whole =
      testing::DecodeExecutions(format, **decoder, text, text.size() + 1, &names);
  const testing::DecodedExecutions pieces =
      testing::DecodeExecutions(format, **decoder, text, text.size() / 4 + 1, &names);
  if (lines || (whole.malformed == 0 && pieces.malformed == 0)) {
    CHECK(whole.executions == pieces.executions && whole.starts == pieces.starts);
    CHECK(whole.malformed == pieces.malformed && whole.example_line == pieces.example_line);
  }
  for (const testing::PlainExecution& one : whole.executions) {
    CHECK(!one.app.empty() && !one.function.empty());
    CHECK(one.duration_us >= -1 && one.cold_us >= -1 && one.memory_mb >= 0);
    CHECK(one.cold_us < 0 || one.was_cold);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  ColumnMap map;
  const size_t end = text.find("\n%%\n");
  if (end != std::string_view::npos) {
    auto parsed = ParseMap(text.substr(0, end + 1), "map");
    if (!parsed) return 0;
    map = std::move(*parsed);
    text.remove_prefix(end + 4);
  }
  plumbago::model::Names names;
  Check(function_logs::Azure2021(), true, text, names);
  Check(function_logs::HuaweiStarts(), true, text, names);
  Check(function_logs::FunctionLog(map), false, text, names);
  Check(function_logs::ExecutionTable(map), true, text, names);
  return 0;
}
