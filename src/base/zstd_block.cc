#include "base/zstd_block.h"

#include <zstd.h>

#include "base/check.h"

namespace plumbago {

ZstdBlock::ZstdBlock() : context_(ZSTD_createDCtx()) { CHECK(context_ != nullptr); }
ZstdBlock::~ZstdBlock() { ZSTD_freeDCtx(context_); }

bool ZstdBlock::Unpack(std::string_view bytes, char* out, size_t size) {
  return ZSTD_decompressDCtx(context_, out, size, bytes.data(), bytes.size()) == size;
}

}  // namespace plumbago
