#include "store/pages/codec.h"

#include <cstring>

namespace plumbago::store {

bool IsKnown(uint8_t codec) {
  return codec == static_cast<uint8_t>(Codec::kPlain) ||
         codec == static_cast<uint8_t>(Codec::kSnappy) ||
         codec == static_cast<uint8_t>(Codec::kZstd);
}

bool Decompressor::Run(Codec codec, std::string_view bytes, char* out, size_t size) {
  switch (codec) {
    case Codec::kPlain:
      if (bytes.size() != size) return false;
      std::memcpy(out, bytes.data(), size);
      return true;
    case Codec::kSnappy:
      return UnpackSnappy(bytes, out, size);
    case Codec::kZstd:
      return zstd_.Unpack(bytes, out, size);
  }
  return false;
}

}  // namespace plumbago::store
