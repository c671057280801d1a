// The pages of one column of one row group, in order, decompressed.
//
// Reads the file in stretches of 256 KB, or of a page where that is longer; holds one stretch and
// one page. Sizes and counts of the file are believed where its bytes bear them out: no page takes
// more memory than kMostPageBytes, nor than its compressed bytes can become.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_stream.h"
#include "base/result.h"
#include "store/pages/bit_runs.h"
#include "store/pages/codec.h"
#include "store/pages/padded_bytes.h"
#include "store/pages/page_header.h"

namespace plumbago::store {

struct Page {
  bool dictionary = false;
  uint32_t values = 0;  // nulls and empty lists are counted
  Encoding encoding = Encoding::kPlain;
  BitRuns repetitions;  // of a page of data, `values` each
  BitRuns definitions;
  std::string_view body;  // the values, padded (padded_bytes.h); in the buffer given to Next
};

class ChunkPages {
 public:
  static constexpr uint64_t kMostPageBytes = 512u << 20;

  ChunkPages() = default;
  // `most_repetition`, `most_definition`: the greatest levels of the column. `file` outlives it.
  ChunkPages(const BytesAt& file, const ColumnChunk& chunk, uint8_t most_repetition,
             uint8_t most_definition)
      : file_(&file),
        chunk_(chunk),
        at_(chunk.begin),
        most_repetition_(most_repetition),
        most_definition_(most_definition) {}

  // The next page, into `buffer`, which must stay as long as the page is used. False: there is
  // none. Errors: kBadInput; the text begins with the number of the page.
  Result<bool> Next(Decompressor& decompressor, PaddedBytes& buffer, Page& page);
  // An error of the page at hand.
  tl::unexpected<Error> Damaged(std::string_view what) const;

 private:
  Result<void> ReadHeader(PageHeader& header);
  // Makes `size` bytes from at_ on readable at window_at(). `size` is within the chunk.
  Result<const char*> Window(uint64_t size);
  Result<void> Open(const PageHeader& header, const char* bytes, Decompressor& decompressor,
                    PaddedBytes& buffer, Page& page);
  Result<void> SplitFirst(const PageHeader& header, std::string_view plain, Page& page);

  const BytesAt* file_ = nullptr;
  ColumnChunk chunk_;
  uint64_t at_ = 0;  // in the file
  uint64_t page_ = 0;
  uint8_t most_repetition_ = 0;
  uint8_t most_definition_ = 0;
  PaddedBytes window_;
  uint64_t window_begin_ = 0;  // in the file
};

}  // namespace plumbago::store
