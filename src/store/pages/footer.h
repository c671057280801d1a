// What the foot of a Parquet file says: its schema, and where the values of each column of each row
// group lie. Only what is needed to read them; statistics, keys and indexes are passed over.
// Source: parquet-format, src/main/thrift/parquet.thrift.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/byte_stream.h"
#include "base/result.h"

namespace plumbago::store {

// Numbers as the format gives them; others may come, and are nobody's that reads them.
enum class Physical : uint8_t {
  kBoolean,
  kInt32,
  kInt64,
  kInt96,
  kFloat,
  kDouble,
  kByteArray,
  kFixedBytes,
};
enum class Repetition : uint8_t { kRequired, kOptional, kRepeated };
enum class Encoding : uint8_t {
  kPlain = 0,
  kPlainDictionary = 2,
  kRle = 3,
  kBitPacked = 4,  // old, of levels
  kDeltaBinaryPacked = 5,
  kDeltaLengthByteArray = 6,
  kDeltaByteArray = 7,
  kRleDictionary = 8,
  kByteStreamSplit = 9,
};
enum class Codec : uint8_t { kPlain = 0, kSnappy = 1, kZstd = 6 };

// What a leaf of the schema means beyond its physical type. Of several spellings of the same.
enum class Meaning : uint8_t {
  kNone,
  kText,
  kSigned,
  kUnsigned,
  kList,
  kMap,
  kOther,  // times, decimals, ...
};

// A line of the schema, which is a tree in the order of a walk from its root.
struct SchemaLine {
  std::string name;
  bool is_leaf = false;
  uint8_t physical = 0;  // Physical, of a leaf
  uint32_t width = 0;    // bytes of kFixedBytes
  Repetition repetition = Repetition::kRequired;
  uint32_t children = 0;
  Meaning meaning = Meaning::kNone;
};

// The values of a column in a row group.
struct ColumnChunk {
  uint8_t physical = 0;
  uint8_t codec = 0;       // Codec
  uint32_t encodings = 0;  // a bit for each Encoding
  bool elsewhere = false;  // encrypted, or in another file
  uint64_t values = 0;     // nulls and empty lists are counted
  uint64_t begin = 0;      // bytes of the file: [begin, end)
  uint64_t end = 0;
  uint64_t uncompressed = 0;  // bytes, with headers

  bool Has(Encoding encoding) const {
    return (encodings >> static_cast<unsigned>(encoding) & 1) != 0;
  }
};

struct RowGroup {
  uint64_t rows = 0;
  uint64_t uncompressed = 0;         // bytes
  std::vector<ColumnChunk> columns;  // in the order of the schema's leaves
};

struct Footer {
  std::vector<SchemaLine> schema;
  std::vector<RowGroup> groups;
};

// Reads it: at most the foot's own size, which is at most the file's, and about three times that
// for what comes out. Errors: kBadInput, no Parquet file, cut, damaged, encrypted; without a place.
Result<Footer> ReadFooter(const BytesAt& file);

}  // namespace plumbago::store
