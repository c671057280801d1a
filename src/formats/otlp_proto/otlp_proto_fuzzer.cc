// Any bytes as a file: they are read without a fault, the same whole and in small blocks, and what
// is written of them reads as the same spans.
#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "formats/otlp_proto/otlp_proto.h"
#include "formats/spans/testing/decoded_spans.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago;
  using namespace plumbago::formats;
  using spans::testing::DecodedSpans;
  using spans::testing::DecodeSpans;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const otlp_proto::OtlpProto format;
  format.Sniff(text.substr(0, 1u << 16), "");
  static model::Names names;  // large; no result depends on its ids
  DecodedSpans whole = DecodeSpans(format, text, size + 1, names);
  const DecodedSpans pieces = DecodeSpans(format, text, size / 4 + 1, names);
  CHECK(whole.spans == pieces.spans && whole.span_lines == pieces.span_lines);
  CHECK(whole.lines == pieces.lines && whole.malformed == pieces.malformed);
  CHECK(whole.example == pieces.example && whole.example_line == pieces.example_line);
  CHECK(whole.example_column == pieces.example_column);

  const auto encoder = format.Write();
  std::string written;
  for (const model::CallBatch& batch : whole.batches) (*encoder)->Encode(batch, names, written);
  DecodedSpans again = DecodeSpans(format, written, written.size() + 1, names);
  CHECK(again.malformed == 0);
  // Grouped by what wrote them.
  std::sort(whole.spans.begin(), whole.spans.end());
  std::sort(again.spans.begin(), again.spans.end());
  CHECK(again.spans == whole.spans);
  return 0;
}
