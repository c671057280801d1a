// Any text as a file: it is read without a fault, the same whole and in small blocks, and what is
// written of it reads as the same rows.
#include <cstdint>

#include "base/check.h"
#include "formats/alibaba_2021/alibaba_2021.h"
#include "formats/testing/decoded_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago::formats;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const alibaba_2021::Alibaba2021 format;
  format.Sniff(text.substr(0, 1u << 16), "");
  const auto decoder = format.Open(text.substr(0, 1u << 16), "");
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
  testing::Decoded again = testing::DecodeText(format, *format.Open(written, "").value(), written,
                                               written.size() + 1, nullptr, nullptr, &names);
  CHECK(again.malformed == 0 && again.rows.size() == whole.rows.size());
  for (size_t i = 0; i < again.rows.size(); ++i) {
    again.rows[i].line = whole.rows[i].line = 0;
    CHECK(testing::SameWhenWritten(whole.rows[i], again.rows[i]));
  }
  return 0;
}
