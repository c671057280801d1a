// Sums of numbers that a file may make as large as it likes. Both rules give the same in any order,
// and never what C++ leaves undefined; a measurable cost they have not.
//
//   not negative   stops at the largest number: "at least that". Also of products
//   signed         counts modulo 2^64: right whenever the whole lies within 63 bits, however far
//                  its parts go astray (stopping at an end would depend on the order)
#pragma once

#include <cstdint>
#include <limits>

namespace plumbago::statistics {

inline void AddSaturating(uint64_t& sum, uint64_t more) {
  if (__builtin_add_overflow(sum, more, &sum)) sum = std::numeric_limits<uint64_t>::max();
}

inline uint64_t ProductSaturating(uint64_t a, uint64_t b) {
  uint64_t product;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<uint64_t>::max() : product;
}

inline void AddWrapping(int64_t& sum, int64_t more) {
  sum = static_cast<int64_t>(static_cast<uint64_t>(sum) + static_cast<uint64_t>(more));
}

}  // namespace plumbago::statistics
