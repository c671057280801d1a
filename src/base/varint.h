// Whole numbers in as few bytes as they need: LEB128, seven bits a byte, the lowest first. What
// saved states, packed counts and Protocol Buffers are written in.
#pragma once

#include <cstdint>
#include <string>

namespace plumbago {

inline void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(static_cast<uint8_t>(value) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

}  // namespace plumbago
