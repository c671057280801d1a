// Counts over levels, a byte each, sixteen at a time: the compiler's vectors, which any processor
// has in one way or another; the compiler makes none of a plain loop at -O2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace plumbago::store {
namespace level_counts {

using Bytes = uint8_t __attribute__((vector_size(16)));

// Sums up `match` (0xFF: yes, 0: no) of vectors, `match_one` (0 or 1) of what is left.
template <class Match, class MatchOne>
size_t Count(const uint8_t* levels, size_t size, Match match, MatchOne match_one) {
  size_t count = 0, i = 0;
  while (size - i >= sizeof(Bytes)) {
    Bytes sums = {};
    // No byte of the sums goes over.
    for (unsigned k = 0; k < 255 && size - i >= sizeof(Bytes); ++k, i += sizeof(Bytes)) {
      Bytes block;
      std::memcpy(&block, levels + i, sizeof block);
      sums -= match(block);
    }
    for (size_t b = 0; b < sizeof(Bytes); ++b) count += sums[b];
  }
  for (; i < size; ++i) count += match_one(levels[i]);
  return count;
}

}  // namespace level_counts

inline size_t CountEqual(const uint8_t* levels, size_t size, uint8_t level) {
  using level_counts::Bytes;
  return level_counts::Count(
      levels, size, [=](Bytes block) { return reinterpret_cast<Bytes>(block == level); },
      [=](uint8_t one) { return size_t{one == level}; });
}

// Those that are `level` or greater.
inline size_t CountFrom(const uint8_t* levels, size_t size, uint8_t level) {
  using level_counts::Bytes;
  return level_counts::Count(
      levels, size, [=](Bytes block) { return reinterpret_cast<Bytes>(block >= level); },
      [=](uint8_t one) { return size_t{one >= level}; });
}

// Entries whose repetition is below `repetition` and whose definition is `definition` or greater.
inline size_t CountBegins(const uint8_t* repetitions, const uint8_t* definitions, size_t size,
                          uint8_t repetition, uint8_t definition) {
  using level_counts::Bytes;
  const uint8_t* other = repetitions;  // goes along
  return level_counts::Count(
      definitions, size,
      [=, &other](Bytes block) {
        Bytes beside;
        std::memcpy(&beside, other, sizeof beside);
        other += sizeof beside;
        return reinterpret_cast<Bytes>((block >= definition) & (beside < repetition));
      },
      [=, &other](uint8_t one) {
        return static_cast<size_t>(one >= definition) & static_cast<size_t>(*other++ < repetition);
      });
}

}  // namespace plumbago::store
