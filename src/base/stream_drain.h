// For fuzzers: reads a stream to its end and checks that it behaves as ByteStream says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_stream.h"
#include "base/check.h"

namespace plumbago {

// A small input may stand for gigabytes of zeros; a fuzzer has seen enough of them here.
inline constexpr size_t kDrainMost = 8 << 20;

// The first byte of a fuzzer's input chooses the size of the reads; the rest is the data.
inline size_t DrainStep(const uint8_t* data) {
  constexpr size_t kSteps[] = {4096, 1 << 20, 1, 13};
  return kSteps[data[0] & 3];
}
inline std::string_view DrainData(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data) + 1, size - 1};
}

// Returns the number of bytes that came.
inline size_t DrainChecked(ByteStream& stream, size_t step) {
  std::string buffer(step, '\0');
  size_t all = 0;
  while (all < kDrainMost) {
    const Result<size_t> n = stream.Read(buffer.data(), buffer.size());
    if (!n) {
      CHECK(!n.error().message.empty());
      CHECK(!stream.Read(buffer.data(), buffer.size()));  // an error stays
      return all;
    }
    CHECK(*n <= step);
    if (*n == 0) {
      const Result<size_t> again = stream.Read(buffer.data(), buffer.size());
      CHECK(again && *again == 0);  // so does the end
      return all;
    }
    all += *n;
  }
  return all;
}

}  // namespace plumbago
