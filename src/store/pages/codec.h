// Pages as they were before they were compressed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/zstd_block.h"
#include "store/pages/footer.h"

namespace plumbago::store {

// True if Decompressor can.
bool IsKnown(uint8_t codec);

// Of one thread.
class Decompressor {
 public:
  // False: it is damaged, or is not exactly `size` bytes.
  bool Run(Codec codec, std::string_view bytes, char* out, size_t size);

 private:
  ZstdBlock zstd_;
};

// Snappy's raw format (google/snappy, format_description.txt). False: it is damaged, or is not
// exactly `size` bytes.
bool UnpackSnappy(std::string_view bytes, char* out, size_t size);

}  // namespace plumbago::store
