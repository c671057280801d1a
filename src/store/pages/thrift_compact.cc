#include "store/pages/thrift_compact.h"

namespace plumbago::store {
namespace {

int64_t FromZigzag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

}  // namespace

uint8_t ThriftCompact::Byte() {
  if (at_ == end_) {
    failed_ = true;
    return 0;
  }
  return static_cast<uint8_t>(*at_++);
}

uint64_t ThriftCompact::Varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = Byte();
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  Fail();
  return 0;
}

ThriftCompact::Field ThriftCompact::NextField(int16_t& last) {
  const uint8_t head = Byte();
  const auto type = static_cast<Type>(head & 0x0F);
  if (failed_ || type == Type::kStop) return {};
  if (type > Type::kStruct) {
    Fail();
    return {};
  }
  const int64_t id = (head >> 4) != 0 ? last + (head >> 4) : FromZigzag(Varint());
  if (failed_ || id < INT16_MIN || id > INT16_MAX) {
    Fail();
    return {};
  }
  last = static_cast<int16_t>(id);
  return {type, last};
}

int64_t ThriftCompact::Integer(Type type) {
  switch (type) {
    case Type::kByte:
      return static_cast<int8_t>(Byte());
    case Type::kI16:
    case Type::kI32:
    case Type::kI64:
      return FromZigzag(Varint());
    default:
      Skip(type);
      return 0;
  }
}

std::string_view ThriftCompact::Binary(Type type) {
  if (type != Type::kBinary) {
    Skip(type);
    return {};
  }
  const uint64_t size = Varint();
  if (size > left()) {
    Fail();
    return {};
  }
  const std::string_view bytes(at_, static_cast<size_t>(size));
  at_ += size;
  return bytes;
}

ThriftCompact::List ThriftCompact::BeginList(Type type) {
  if (type != Type::kList && type != Type::kSet) {
    Skip(type);
    return {};
  }
  const uint8_t head = Byte();
  uint64_t size = head >> 4;
  if (size == 15) size = Varint();
  if (size > left() || (head & 0x0F) > static_cast<uint8_t>(Type::kStruct)) {
    Fail();
    return {};
  }
  return {static_cast<Type>(head & 0x0F), static_cast<uint32_t>(size)};
}

void ThriftCompact::Skip(Type type, unsigned depth) {
  if (depth > kDeepest) return Fail();
  switch (type) {
    case Type::kStop:
    case Type::kTrue:
    case Type::kFalse:
      return;
    case Type::kByte:
      Byte();
      return;
    case Type::kI16:
    case Type::kI32:
    case Type::kI64:
      Varint();
      return;
    case Type::kDouble:
      if (left() < 8) return Fail();
      at_ += 8;
      return;
    case Type::kBinary:
      Binary(type);
      return;
    case Type::kList:
    case Type::kSet: {
      const List list = BeginList(type);
      const bool flag = list.type == Type::kTrue || list.type == Type::kFalse;
      for (uint32_t i = 0; i < list.size && !failed_; ++i)
        Skip(flag ? Type::kByte : list.type, depth + 1);
      return;
    }
    case Type::kMap: {
      const uint64_t size = Varint();
      if (size == 0) return;
      const uint8_t types = Byte();
      if (size > left() || (types >> 4) > 12 || (types & 0x0F) > 12) return Fail();
      const auto element = [&](unsigned code) {
        // A code that is no type fails there.
        // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
        Skip(code == 1 || code == 2 ? Type::kByte : static_cast<Type>(code), depth + 1);
      };
      for (uint64_t i = 0; i < size && !failed_; ++i) {
        element(types >> 4);
        element(types & 0x0F);
      }
      return;
    }
    case Type::kStruct: {
      int16_t last = 0;
      while (const Field field = NextField(last)) Skip(field.type, depth + 1);
      return;
    }
  }
  Fail();
}

}  // namespace plumbago::store
