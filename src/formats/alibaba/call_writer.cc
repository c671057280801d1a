#include "formats/alibaba/call_writer.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <string>

namespace plumbago::formats::alibaba {
namespace {

// 16 hex digits of `value`, the highest first.
void PutHex16(uint64_t value, char* out) {
  for (int half = 0; half < 2; ++half) {
    uint64_t x = half == 0 ? value >> 32 : value & 0xFFFFFFFF;
    x = (x | x << 16) & 0x0000FFFF0000FFFFull;  // spread: a nibble to each byte
    x = (x | x << 8) & 0x00FF00FF00FF00FFull;
    x = (x | x << 4) & 0x0F0F0F0F0F0F0F0Full;
    const uint64_t letters = ((x + 0x0606060606060606ull) >> 4) & 0x0101010101010101ull;
    x += 0x3030303030303030ull + letters * ('a' - '0' - 10);
    x = __builtin_bswap64(x);
    std::memcpy(out + 8 * half, &x, 8);
  }
}

}  // namespace

void WritePath(model::PathView path, csv::RowWriter& writer) {
  char* const begin = writer.at();
  char* at = begin;
  for (size_t i = 0; i < path.size();) {
    if (i != 0) *at++ = '.';
    const auto lead = static_cast<unsigned char>(path[i++]);
    if (lead < 10) {
      *at++ = static_cast<char>('0' + lead);
    } else if (lead < 0xF0) {
      at = std::to_chars(at, at + 4, lead).ptr;
    } else if (lead < 0xF8 && i + lead - 0xEF <= path.size()) {
      uint64_t number = 0;
      for (size_t bytes = lead - 0xEFu; bytes != 0; --bytes) {
        number = number << 8 | static_cast<unsigned char>(path[i++]);
      }
      at = std::to_chars(at, at + 20, number).ptr;
    } else {  // a component of text
      writer.set_at(begin);
      writer.Text(model::PathText(path));
      return;
    }
  }
  writer.set_at(at);
}

void WriteTrace(const model::TraceId& trace, csv::RowWriter& writer) {
  char* at = writer.at();
  switch (trace.form) {
    case model::TraceForm::kHex32:
      PutHex16(trace.hi, at);
      PutHex16(trace.lo, at + 16);
      at += 32;
      break;
    case model::TraceForm::kHex: {
      const size_t digits = trace.hi >> 56;
      char all[32];
      PutHex16(trace.hi & 0x00FFFFFFFFFFFFFFull, all);
      PutHex16(trace.lo, all + 16);
      std::memcpy(at, all + 32 - digits, digits);
      at += digits;
      break;
    }
    case model::TraceForm::kPrefixed:
      *at++ = 'T';
      *at++ = '_';
      at = std::to_chars(at, at + 20, trace.lo).ptr;
      break;
    case model::TraceForm::kHashed:
      writer.Text(trace.Text());
      return;
  }
  writer.set_at(at);
}

}  // namespace plumbago::formats::alibaba
