// Any text as a file of this format (formats/json/testing/format_fuzzer.h says what must hold).
#include "formats/jaeger/jaeger.h"
#include "formats/json/testing/format_fuzzer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const plumbago::formats::jaeger::Jaeger format;
  plumbago::formats::json::testing::FuzzFormat(format, data, size);
  return 0;
}
