// The 512-byte header of a tar member (POSIX.1-2001 ustar, GNU and old V7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumbago {

inline constexpr size_t kTarBlock = 512;

struct TarHeader {
  std::string name;   // prefix and name joined
  uint64_t size = 0;  // bytes of data, before padding to whole blocks
  char type = '0';    // '0' regular, '5' folder, 'L' GNU long name, 'x' pax, ...
};

// True if `block` (kTarBlock bytes) has a header's checksum.
bool IsTarHeader(std::string_view block);
// Nothing if the checksum or a number is wrong.
std::optional<TarHeader> ParseTarHeader(std::string_view block);

}  // namespace plumbago
