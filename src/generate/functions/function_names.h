// Names of owners, applications and functions: 64 hexadecimal digits, as the release has them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "generate/random.h"

namespace plumbago::generate::functions {

class HashName {
 public:
  enum Kind : uint8_t { kOwner = 1, kApp, kFunction };

  HashName(uint64_t seed, Kind kind, uint64_t number) {
    constexpr char kDigits[] = "0123456789abcdef";
    const uint64_t base = MixSeeds(MixSeeds(seed, kind), number);
    for (uint64_t word = 0; word < 4; ++word) {
      uint64_t bits = MixSeeds(base, word);
      for (int digit = 0; digit < 16; ++digit, bits >>= 4) {
        text_[word * 16 + static_cast<uint64_t>(digit)] = kDigits[bits & 15];
      }
    }
  }
  std::string_view text() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 64> text_;
};

// A function's number: the application's, and which of its functions.
inline uint64_t FunctionNumber(uint32_t app, uint32_t function) {
  return uint64_t{app} << 16 | function;
}

}  // namespace plumbago::generate::functions
