// Appends fields in the wire format of Protocol Buffers. Lengths and numbers take as few bytes as
// they can, so the same calls give the same bytes as libprotobuf.
//
//   WireWriter out(&text);
//   const size_t status = out.Begin(15);
//   out.Varint(3, 2);
//   out.End(status);
//
// Cost: a message of 128 bytes or more is moved once when it ends. One thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "formats/protobuf/wire_cursor.h"

namespace plumbago::formats::protobuf {

// The bytes of a varint, at most ten.
inline size_t VarintDigits(uint64_t value, char* digits) {
  size_t count = 0;
  while (value >= 0x80) {
    digits[count++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  digits[count++] = static_cast<char>(value);
  return count;
}

// Values without a tag: of fields, and for what has a lay-out of its own. WireCursor reads them.
inline void AppendVarint(std::string& out, uint64_t value) {
  if (value < 0x80) {
    out.push_back(static_cast<char>(value));
    return;
  }
  char digits[10];
  out.append(digits, VarintDigits(value, digits));
}
template <class T>
void AppendFixed(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

class WireWriter {
 public:
  // `out` outlives the writer.
  explicit WireWriter(std::string* out) : out_(out) {}

  void Varint(uint32_t field, uint64_t value) {
    AppendVarint(*out_, Tag(field, Wire::kVarint));
    AppendVarint(*out_, value);
  }
  void Fixed64(uint32_t field, uint64_t value) {
    AppendVarint(*out_, Tag(field, Wire::kFixed64));
    AppendFixed(*out_, value);
  }
  void Fixed32(uint32_t field, uint32_t value) {
    AppendVarint(*out_, Tag(field, Wire::kFixed32));
    AppendFixed(*out_, value);
  }
  void Double(uint32_t field, double value) { Fixed64(field, std::bit_cast<uint64_t>(value)); }
  void Bytes(uint32_t field, std::string_view bytes) {
    AppendVarint(*out_, Tag(field, Wire::kBytes));
    AppendVarint(*out_, bytes.size());
    *out_ += bytes;
  }
  // A message whose fields follow, up to End of what is returned.
  size_t Begin(uint32_t field) {
    AppendVarint(*out_, Tag(field, Wire::kBytes));
    out_->push_back(0);
    return out_->size();
  }
  void End(size_t begin) {
    const size_t size = out_->size() - begin;
    if (size < 0x80) {
      (*out_)[begin - 1] = static_cast<char>(size);
      return;
    }
    char digits[10];
    const size_t count = VarintDigits(size, digits);
    (*out_)[begin - 1] = digits[0];
    out_->insert(begin, digits + 1, count - 1);
  }

 private:
  std::string* out_;
};

}  // namespace plumbago::formats::protobuf
