// For fuzzers of formats of spans. Not part of the program.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "formats/json/testing/round_trip.h"

namespace plumbago::formats::json::testing {

// Any text as a file: it is read without a fault; without damage it is the same whole and in small
// blocks, and what is written of it reads as the same spans.
inline void FuzzFormat(const Format& format, const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  format.Sniff(text.substr(0, 1u << 16), "");
  static model::Names names;
  DecodedSpans whole = DecodeSpans(format, text, size + 1, names);
  const DecodedSpans pieces = DecodeSpans(format, text, size / 4 + 1, names);
  DecodeSpans(format, text, size + 1, names, false);
  if (whole.malformed > 0 || pieces.malformed > 0) return;
  CHECK(whole.spans == pieces.spans && whole.span_lines == pieces.span_lines);
  // Texts that are no UTF-8 cannot come of JSON that was read without damage.
  std::vector<model::CallBatch> batches;
  for (model::CallBatch& batch : whole.batches) {
    if (!batch.calls.empty()) batches.push_back(std::move(batch));
  }
  const std::string written = WriteSpans(format, batches, names);
  DecodedSpans again = DecodeSpans(format, written, written.size() + 1, names);
  CHECK(again.malformed == 0 && again.spans.size() == whole.spans.size());
  std::sort(again.spans.begin(), again.spans.end());
  std::sort(whole.spans.begin(), whole.spans.end());
  CHECK(again.spans == whole.spans);
}

}  // namespace plumbago::formats::json::testing
