// The values of one page, in any of the encodings that writers of traces use, as cells of a vector:
// texts as duckdb::StringValue, numbers as 4 or 8 bytes, booleans as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "store/column.h"
#include "store/pages/bit_runs.h"
#include "store/pages/delta_numbers.h"
#include "store/pages/schema_tree.h"

namespace plumbago::store {

// Bytes of a cell.
size_t SizeOf(Cells cells);

// The values that a column chunk's pages number, each once.
struct Dictionary {
  std::vector<duckdb::StringValue> texts;
  std::vector<uint64_t> eights;
  std::vector<uint32_t> fours;

  // From the page of a dictionary, whose bytes stay as long as it. False: damaged, or longer than
  // it can be.
  bool Read(const SchemaNode& leaf, std::string_view body, uint32_t values);
};

// True if values of the leaf can come so. (Levels may be kRle besides, without a sign of it.)
bool CanRead(const SchemaNode& leaf, Encoding encoding);

class ValueReader {
 public:
  ValueReader() = default;
  // `body` and `dictionary` outlive what it reads. False: no such encoding for the leaf, or
  // damaged.
  bool Begin(const SchemaNode& leaf, Encoding encoding, std::string_view body,
             const Dictionary& dictionary);
  // The next `count` into cells at `out`. False: so many are not there, or damaged.
  bool Read(char* out, size_t count);

 private:
  enum class Way : uint8_t {
    kNothing,
    kNumbers,     // PLAIN of 4 or 8 bytes
    kPackedBits,  // PLAIN of booleans
    kTexts,       // PLAIN
    kFixedTexts,  // PLAIN
    kDictionary,
    kRuns,  // RLE of booleans
    kDelta,
    kLengths,  // DELTA_LENGTH_BYTE_ARRAY
    kSplit,    // BYTE_STREAM_SPLIT
  };
  bool ReadTexts(duckdb::StringValue* out, size_t count);
  bool ReadFixedTexts(duckdb::StringValue* out, size_t count);
  bool ReadLengths(duckdb::StringValue* out, size_t count);
  bool ReadBits(char* out, size_t count);
  bool ReadSplit(char* out, size_t count);
  template <class T>
  bool Look(const std::vector<T>& dictionary, char* out, size_t count);

  Way way_ = Way::kNothing;
  Cells cells_ = Cells::kNone;
  uint32_t width_ = 0;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  uint64_t bit_ = 0;
  size_t taken_ = 0;  // of kSplit
  const Dictionary* dictionary_ = nullptr;
  BitRuns runs_;
  DeltaNumbers delta_;
};

}  // namespace plumbago::store
