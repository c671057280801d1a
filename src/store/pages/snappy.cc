#include <cstring>

#include "store/pages/codec.h"
#include "store/pages/padded_bytes.h"

namespace plumbago::store {
namespace {

// Little-endian, 1 to 4 bytes; false where they are not there.
bool Number(const char*& at, const char* end, unsigned bytes, size_t& number) {
  if (static_cast<size_t>(end - at) < bytes) return false;
  number = 0;
  for (unsigned i = 0; i < bytes; ++i)
    number |= static_cast<size_t>(static_cast<uint8_t>(at[i])) << (8 * i);
  at += bytes;
  return true;
}

// `length` bytes from `offset` before `out`; they overlap where it is nearer than that.
void CopyBack(char* out, size_t offset, size_t length, size_t room) {
  const char* const from = out - offset;
  if (offset >= 8 && room >= length + 8) {  // eight at a time, a few too many
    for (size_t i = 0; i < length; i += 8) std::memcpy(out + i, from + i, 8);
    return;
  }
  for (size_t i = 0; i < length; ++i) out[i] = from[i];
}

}  // namespace

bool UnpackSnappy(std::string_view bytes, char* out, size_t size) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  uint64_t promised = 0;
  if (!ReadVarint(at, end, promised) || promised != size) return false;
  size_t done = 0;
  while (at != end) {
    const auto tag = static_cast<uint8_t>(*at++);
    size_t length = (tag >> 2) + size_t{1}, offset = 0;
    switch (tag & 3) {
      case 0:  // so many bytes as they are
        if (length > 60) {
          if (!Number(at, end, static_cast<unsigned>(length - 60), length)) return false;
          ++length;
        }
        if (length > static_cast<size_t>(end - at) || length > size - done) return false;
        std::memcpy(out + done, at, length);
        at += length;
        done += length;
        continue;
      case 1:
        length = (tag >> 2 & 7) + size_t{4};
        if (!Number(at, end, 1, offset)) return false;
        offset |= static_cast<size_t>(tag >> 5) << 8;
        break;
      case 2:
        if (!Number(at, end, 2, offset)) return false;
        break;
      default:
        if (!Number(at, end, 4, offset)) return false;
        break;
    }
    if (offset == 0 || offset > done || length > size - done) return false;
    CopyBack(out + done, offset, length, size - done);
    done += length;
  }
  return done == size;
}

}  // namespace plumbago::store
