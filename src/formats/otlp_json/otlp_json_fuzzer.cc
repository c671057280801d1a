// Any text as a file of this format (formats/json/testing/format_fuzzer.h says what must hold).
#include "formats/json/testing/format_fuzzer.h"
#include "formats/otlp_json/otlp_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const plumbago::formats::otlp_json::OtlpJson format;
  plumbago::formats::json::testing::FuzzFormat(format, data, size);
  return 0;
}
