#include "store/pages/page_header.h"

#include "store/pages/thrift_compact.h"

namespace plumbago::store {
namespace {

using Type = ThriftCompact::Type;

// A page of each kind has its own header in the header.
bool ReadInner(ThriftCompact& thrift, PageHeader& header) {
  const bool second = header.kind == PageHeader::Kind::kDataV2;
  bool well = true;
  const auto number = [&](Type type) {
    const int64_t n = thrift.Integer(type);
    well &= n >= 0 && n <= INT32_MAX;
    return static_cast<uint32_t>(n);
  };
  int16_t last = 0;
  while (const auto field = thrift.NextField(last)) {
    switch (field.id) {
      case 1:
        header.values = number(field.type);
        break;
      case 2:
        if (second)
          thrift.Skip(field.type);
        else
          header.encoding = static_cast<uint8_t>(number(field.type));
        break;
      case 3:
        if (second)
          thrift.Skip(field.type);
        else if (header.kind == PageHeader::Kind::kData)
          header.definition_encoding = static_cast<uint8_t>(number(field.type));
        else
          thrift.Skip(field.type);
        break;
      case 4:
        if (second)
          header.encoding = static_cast<uint8_t>(number(field.type));
        else
          header.repetition_encoding = static_cast<uint8_t>(number(field.type));
        break;
      case 5:
        if (second)
          header.definition_size = number(field.type);
        else
          thrift.Skip(field.type);
        break;
      case 6:
        if (second)
          header.repetition_size = number(field.type);
        else
          thrift.Skip(field.type);
        break;
      case 7:
        if (second) header.compressed = ThriftCompact::Bool(field);
        thrift.Skip(field.type);
        break;
      default:
        thrift.Skip(field.type);
    }
  }
  return well;
}

}  // namespace

bool PageHeader::Read(std::string_view bytes, PageHeader& header, size_t& used) {
  header = {};
  ThriftCompact thrift(bytes);
  int16_t last = 0;
  bool well = true;
  const auto number = [&](Type type) {
    const int64_t n = thrift.Integer(type);
    well &= n >= 0 && n <= INT32_MAX;
    return static_cast<uint32_t>(n);
  };
  while (const auto field = thrift.NextField(last)) {
    const bool inner =
        field.type == Type::kStruct && ((field.id == 5 && header.kind == Kind::kData) ||
                                        (field.id == 7 && header.kind == Kind::kDictionary) ||
                                        (field.id == 8 && header.kind == Kind::kDataV2));
    if (inner) {
      well &= ReadInner(thrift, header);
    } else if (field.id == 1) {
      const uint32_t kind = number(field.type);
      header.kind =  // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
          kind < static_cast<uint32_t>(Kind::kOther) ? static_cast<Kind>(kind) : Kind::kOther;
    } else if (field.id == 2) {
      header.plain_size = number(field.type);
    } else if (field.id == 3) {
      header.size = number(field.type);
    } else {
      thrift.Skip(field.type);
    }
  }
  used = thrift.used();
  return well && !thrift.failed();
}

}  // namespace plumbago::store
