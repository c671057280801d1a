// Zstandard data that are in memory as a whole, and whose size as text is known: pages of Parquet.
// For files: zstd_stream.h.
#pragma once

#include <cstddef>
#include <string_view>

struct ZSTD_DCtx_s;

namespace plumbago {

// Keeps a decoder's memory (about 160 KB) from block to block. Of one thread.
class ZstdBlock {
 public:
  ZstdBlock();
  ~ZstdBlock();
  ZstdBlock(const ZstdBlock&) = delete;
  ZstdBlock& operator=(const ZstdBlock&) = delete;

  // False: the data are damaged, or are not exactly `size` bytes of text; then what `out` holds
  // means nothing.
  bool Unpack(std::string_view bytes, char* out, size_t size);

 private:
  ZSTD_DCtx_s* context_;
};

}  // namespace plumbago
