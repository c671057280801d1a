// What stands before each page of a column. Source: parquet.thrift, PageHeader.
#pragma once

#include <cstdint>
#include <string_view>

namespace plumbago::store {

struct PageHeader {
  enum class Kind : uint8_t { kData = 0, kIndex = 1, kDictionary = 2, kDataV2 = 3, kOther };
  Kind kind = Kind::kOther;
  uint32_t size = 0;        // bytes behind the header, as they lie there
  uint32_t plain_size = 0;  // decompressed; of kDataV2 with the levels, which never are compressed
  uint32_t values = 0;      // nulls and empty lists are counted
  uint8_t encoding = 0xFF;
  uint8_t repetition_encoding = 0xFF;  // of kData
  uint8_t definition_encoding = 0xFF;
  uint32_t repetition_size = 0;  // of kDataV2, bytes of the levels
  uint32_t definition_size = 0;
  bool compressed = true;  // of kDataV2

  // Reads one at the begin of `bytes`; `used`: its bytes. False: it is cut or damaged.
  static bool Read(std::string_view bytes, PageHeader& header, size_t& used);
};

}  // namespace plumbago::store
