// Any text as a table with a column a minute: it is read without a fault, the same whole and in
// small blocks, and field by field.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "formats/function_formats.h"
#include "formats/function_minutes/decoder.h"
#include "formats/function_minutes/minute_format.h"
#include "formats/testing/plain_functions.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago::formats;
  using function_minutes::MinuteDecoder, function_minutes::TableKind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  plumbago::model::Names names;
  for (const Format* format : FunctionFormats()) {
    const std::string_view head = text.substr(0, 1u << 16);
    const std::string path(text.substr(0, 40));
    format->Sniff(head, path);
    const auto decoder = format->Open(head, path);
    if (!decoder) continue;
    const testing::DecodedFunctions whole =
        testing::DecodeFunctions(*format, **decoder, text, size + 1, &names);
    const testing::DecodedFunctions pieces =
        testing::DecodeFunctions(*format, **decoder, text, size / 4 + 1, &names);
    CHECK(whole.functions == pieces.functions && whole.lines == pieces.lines &&
          whole.malformed == pieces.malformed && whole.example == pieces.example);
    for (const auto kind : {TableKind::kAzure2019, TableKind::kVectors}) {
      if (format->name() != function_minutes::MinuteFormat(kind).name()) continue;
      const auto layout = function_minutes::ReadLayout(kind, head, path);
      CHECK(layout.has_value());
      const MinuteDecoder slowly(*layout, MinuteDecoder::Way::kByField);
      const testing::DecodedFunctions slow =
          testing::DecodeFunctions(*format, slowly, text, size + 1, &names);
      CHECK(whole.functions == slow.functions && whole.lines == slow.lines &&
            whole.malformed == slow.malformed && whole.example == slow.example &&
            whole.example_column == slow.example_column);
    }
    for (const testing::PlainFunction& function : whole.functions) {
      uint32_t next = function.first;
      for (const auto& [minute, count] : function.counts) {
        CHECK(minute >= next && minute < function.end && count > 0);
        next = minute + 1;
      }
    }
  }
  return 0;
}
