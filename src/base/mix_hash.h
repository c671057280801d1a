// A number whose bits all depend on all bits of `hash`: for sums of hashes that are told apart by
// their high or low bits. A bijection. The same on every machine; states and output depend on it.
#pragma once

#include <cstdint>

namespace plumbago {

constexpr uint64_t MixHash(uint64_t hash) {
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93ull;
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93ull;
  return hash ^ (hash >> 32);
}

}  // namespace plumbago
