// The wire format of Protocol Buffers, field by field, out of bytes that somebody else wrote: every
// length and number is checked, nothing is allocated, views point into the message.
//
//   WireCursor in(message);
//   while (const uint32_t tag = in.Next()) {
//     switch (tag) {
//       case Tag(1, Wire::kBytes): name = in.Bytes(); break;
//       case Tag(2, Wire::kVarint): count = in.Varint(); break;
//       default: in.Skip(tag);
//     }
//   }
//   if (!in.ok()) ...
//
// A field of a known number and another wire type is an unknown field, as for libprotobuf. Groups
// (of proto2) are refused. After damage everything gives zero, and Next ends the loop.
//
// Cost: 1 to 2 ns a field whose number is below 16. One thread.
// Source: protobuf.dev/programming-guides/encoding.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace plumbago::formats::protobuf {

static_assert(std::endian::native == std::endian::little);

enum class Wire : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

constexpr uint32_t Tag(uint32_t field, Wire wire) {
  return field << 3 | static_cast<uint32_t>(wire);
}

class WireCursor {
 public:
  enum class Fault : uint8_t {
    kNone,
    kCut,     // the message ends within a field
    kNumber,  // a varint of more than ten bytes
    kTag,     // field 0, or a wire type that does not exist
    kGroup,
  };

  explicit WireCursor(std::string_view message)
      : at_(message.data()), end_(message.data() + message.size()) {}

  // The tag of the next field, whose value must then be taken or skipped. 0: the end, or damage.
  uint32_t Next() {
    if (at_ == end_) [[unlikely]]
      return 0;
    const auto first = static_cast<unsigned char>(*at_);
    // Fields 1 to 15: one byte of a valid wire type.
    if (first >= 8 && first < 0x80 && (kWireTypes >> (first & 7) & 1) != 0) [[likely]] {
      ++at_;
      return first;
    }
    return LongTag();
  }
  uint64_t Varint() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) [[likely]]
      return static_cast<unsigned char>(*at_++);
    // Two bytes: sizes of most messages.
    if (end_ - at_ >= 2 && static_cast<unsigned char>(at_[1]) < 0x80) {
      const uint64_t value = (static_cast<unsigned char>(at_[0]) & 0x7Fu) |
                             uint64_t{static_cast<unsigned char>(at_[1])} << 7;
      at_ += 2;
      return value;
    }
    return LongVarint();
  }
  uint64_t Fixed64() { return Fixed<uint64_t>(); }
  uint32_t Fixed32() { return Fixed<uint32_t>(); }
  // Of a lay-out without fields.
  uint8_t Byte() {
    if (at_ == end_) [[unlikely]] {
      Fail(Fault::kCut);
      return 0;
    }
    return static_cast<unsigned char>(*at_++);
  }
  // A text, bytes, a message.
  std::string_view Bytes() {
    const uint64_t size = Varint();
    if (size > static_cast<size_t>(end_ - at_)) [[unlikely]] {
      Fail(Fault::kCut);
      return {};
    }
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }
  void Skip(uint32_t tag);

  bool ok() const { return fault_ == Fault::kNone; }
  Fault fault() const { return fault_; }
  // Where the cursor stands; after damage where it was found, behind the tag or the length.
  const char* at() const { return at_; }
  // What is left; after kCut: of the field that is cut, behind its length.
  std::string_view rest() const { return {at_, static_cast<size_t>(last_ - at_)}; }

 private:
  static constexpr unsigned kWireTypes = 1u << 0 | 1u << 1 | 1u << 2 | 1u << 5;

  template <class T>
  T Fixed() {
    T value{};
    if (static_cast<size_t>(end_ - at_) < sizeof value) [[unlikely]] {
      Fail(Fault::kCut);
      return value;
    }
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  uint32_t LongTag();
  uint64_t LongVarint();
  void Fail(Fault fault) {
    if (!ok()) return;
    fault_ = fault;
    last_ = end_;
    end_ = at_;
  }

  const char* at_;
  const char* end_;
  const char* last_ = end_;
  Fault fault_ = Fault::kNone;
};

// "a length or number that goes beyond its message"
const char* Describe(WireCursor::Fault fault);

}  // namespace plumbago::formats::protobuf
