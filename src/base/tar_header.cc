#include "base/tar_header.h"

namespace plumbago {

namespace {

// A field of octal digits between blanks, or (GNU) a big-endian number whose first byte is 0x80.
std::optional<uint64_t> Number(std::string_view field) {
  if (static_cast<unsigned char>(field[0]) == 0x80) {
    uint64_t value = 0;
    for (const char c : field.substr(1)) {
      if (value >> 55 != 0) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
  }
  size_t i = 0;
  while (i < field.size() && field[i] == ' ') ++i;
  uint64_t value = 0;
  for (; i < field.size() && field[i] >= '0' && field[i] <= '7'; ++i) {
    value = value << 3 | static_cast<uint64_t>(field[i] - '0');
  }
  if (i < field.size() && field[i] != ' ' && field[i] != '\0') return std::nullopt;
  return value;
}

std::string_view Text(std::string_view field) { return field.substr(0, field.find('\0')); }

}  // namespace

bool IsTarHeader(std::string_view block) {
  if (block.size() < kTarBlock || block[0] == '\0') return false;
  const std::optional<uint64_t> expected = Number(block.substr(148, 8));
  if (!expected) return false;
  uint64_t sum = 8 * ' ';  // the checksum field counts as blanks
  for (size_t i = 0; i < kTarBlock; ++i) {
    if (i < 148 || i >= 156) sum += static_cast<unsigned char>(block[i]);
  }
  return sum == *expected;
}

std::optional<TarHeader> ParseTarHeader(std::string_view block) {
  if (!IsTarHeader(block)) return std::nullopt;
  const std::optional<uint64_t> size = Number(block.substr(124, 12));
  if (!size) return std::nullopt;
  TarHeader header;
  header.size = *size;
  header.type = block[156] == '\0' ? '0' : block[156];
  // "ustar\0" is POSIX and has a prefix; GNU's "ustar  " keeps other things there.
  if (block.substr(257, 6) == std::string_view("ustar\0", 6)) {
    const std::string_view prefix = Text(block.substr(345, 155));
    if (!prefix.empty()) header.name = std::string(prefix) + "/";
  }
  header.name += Text(block.substr(0, 100));
  return header;
}

}  // namespace plumbago
