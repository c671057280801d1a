#include "formats/protobuf/wire_cursor.h"

namespace plumbago::formats::protobuf {

uint32_t WireCursor::LongTag() {
  const char* const before = at_;
  const uint64_t tag = Varint();
  if (!ok()) return 0;
  const uint64_t wire = tag & 7;
  if (tag >= 8 && tag <= UINT32_MAX && (kWireTypes >> wire & 1) != 0)
    return static_cast<uint32_t>(tag);
  at_ = before;
  Fail(tag >= 8 && tag <= UINT32_MAX && (wire == 3 || wire == 4) ? Fault::kGroup : Fault::kTag);
  return 0;
}

uint64_t WireCursor::LongVarint() {
  const char* at = at_;
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (at == end_) {
      at_ = at;
      Fail(Fault::kCut);
      return 0;
    }
    const auto byte = static_cast<unsigned char>(*at++);
    if (shift < 64) value |= uint64_t{byte & 0x7Fu} << shift;  // bits beyond 64 are dropped
    if (byte < 0x80) {
      at_ = at;
      return value;
    }
  }
  Fail(Fault::kNumber);
  return 0;
}

void WireCursor::Skip(uint32_t tag) {
  switch (static_cast<Wire>(tag & 7)) {
    case Wire::kVarint:
      Varint();
      return;
    case Wire::kFixed64:
      Fixed64();
      return;
    case Wire::kBytes:
      Bytes();
      return;
    case Wire::kFixed32:
      Fixed32();
      return;
  }
  Fail(Fault::kTag);
}

const char* Describe(WireCursor::Fault fault) {
  switch (fault) {
    case WireCursor::Fault::kNone:
      return "nothing wrong";
    case WireCursor::Fault::kCut:
      return "a field that goes beyond the end of its message";
    case WireCursor::Fault::kNumber:
      return "a number of more than ten bytes";
    case WireCursor::Fault::kTag:
      return "bytes that begin no field";
    case WireCursor::Fault::kGroup:
      return "a group, which OTLP does not have";
  }
  return "";
}

}  // namespace plumbago::formats::protobuf
