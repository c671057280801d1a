// Any bytes as a section file: no crash, no large allocation, an error that stays, and never more
// content than the table of contents promises. An odd first byte has the checksums and the place of
// the table of contents put right before, so that what lies behind them is reached too.
#include "base/section_file.h"
#include "base/stream_drain.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace {

constexpr std::string_view kMagic = "FUZZFILE";

uint64_t GetNumber(const std::string& bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}
void PutNumber(std::string& bytes, size_t at, uint64_t value) {
  for (size_t i = 0; i < 8; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

void PutRight(std::string& bytes) {
  if (bytes.size() < 24 + 16 + 16) return;
  bytes.replace(0, 8, kMagic);
  // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): 56 bytes or more
  PutNumber(bytes, 16, XXH64(bytes.data(), 16, 0));
  const size_t end = bytes.size() - 16;
  size_t at = 24, last = at;
  while (at + 16 <= end) {
    const uint64_t stored = GetNumber(bytes, at + 4, 4);
    if (stored > end - at - 16) break;
    const uint64_t sizes = GetNumber(bytes, at, 8);
    PutNumber(bytes, at + 8, XXH64(bytes.data() + at + 16, stored, sizes));
    last = at;
    at += 16 + stored;
  }
  PutNumber(bytes, end, last);
  bytes.replace(end + 8, 8, kMagic);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbago::Result;
  if (size == 0) return 0;
  std::string bytes(plumbago::DrainData(data, size));
  if ((data[0] & 1) != 0) PutRight(bytes);
  const auto file = plumbago::SectionFile::FromBytes(bytes, "fuzz", kMagic, 3);
  if (!file) {
    CHECK(!file.error().message.empty());
    return 0;
  }
  size_t all = 0;
  for (const auto& section : (*file)->sections()) {
    plumbago::SectionCursor cursor = (*file)->Cursor(section.name);
    std::string raw;
    uint64_t blocks = 0, raw_bytes = 0;
    while (all < plumbago::kDrainMost) {
      const Result<bool> more = cursor.NextBlock(raw);
      if (!more) {
        CHECK(!cursor.NextBlock(raw) && raw.empty());
        break;
      }
      if (!*more) {
        CHECK(blocks == section.blocks && raw_bytes == section.raw_bytes);
        break;
      }
      CHECK(raw.size() <= plumbago::kMostBlock);
      all += raw.size();
      raw_bytes += raw.size();
      ++blocks;
    }
  }
  return 0;
}
