#include "store/pages/footer.h"

#include <fmt/format.h>

#include <cstring>
#include <string_view>

#include "store/pages/thrift_compact.h"

namespace plumbago::store {
namespace {

using Type = ThriftCompact::Type;

// The old way to say what a leaf or group means (ConvertedType).
Meaning Converted(int64_t code) {
  switch (code) {
    case 0:  // UTF8
      return Meaning::kText;
    case 1:  // MAP
    case 2:  // MAP_KEY_VALUE
      return Meaning::kMap;
    case 3:
      return Meaning::kList;
    case 11:  // UINT_8 to UINT_64
    case 12:
    case 13:
    case 14:
      return Meaning::kUnsigned;
    case 15:  // INT_8 to INT_64
    case 16:
    case 17:
    case 18:
      return Meaning::kSigned;
    default:
      return Meaning::kOther;
  }
}

// LogicalType: a union, one field of which is there.
Meaning Logical(ThriftCompact& thrift) {
  Meaning meaning = Meaning::kNone;
  int16_t last = 0;
  while (const auto field = thrift.NextField(last)) {
    switch (field.id) {
      case 1:
        meaning = Meaning::kText;
        break;
      case 2:
        meaning = Meaning::kMap;
        break;
      case 3:
        meaning = Meaning::kList;
        break;
      case 10: {  // INTEGER: bitWidth, isSigned
        meaning = Meaning::kOther;
        if (field.type != Type::kStruct) break;
        int16_t inner_last = 0;
        while (const auto inner = thrift.NextField(inner_last)) {
          if (inner.id == 2)
            meaning = ThriftCompact::Bool(inner) ? Meaning::kSigned : Meaning::kUnsigned;
          thrift.Skip(inner.type);
        }
        continue;
      }
      case 11:  // UNKNOWN: nulls alone
      default:
        meaning = Meaning::kOther;
        break;
    }
    thrift.Skip(field.type);
  }
  return meaning;
}

// -1 where it is no number that fits.
uint8_t Small(int64_t number) {
  return number >= 0 && number < 0xFF ? static_cast<uint8_t>(number) : uint8_t{0xFF};
}

SchemaLine ReadSchemaLine(ThriftCompact& thrift) {
  SchemaLine line;
  Meaning converted = Meaning::kNone;
  int16_t last = 0;
  while (const auto field = thrift.NextField(last)) {
    switch (field.id) {
      case 1:
        line.physical = Small(thrift.Integer(field.type));
        line.is_leaf = true;
        break;
      case 2: {
        const int64_t width = thrift.Integer(field.type);
        line.width = width > 0 && width <= INT32_MAX ? static_cast<uint32_t>(width) : 0;
        break;
      }
      case 3: {
        const int64_t repetition = thrift.Integer(field.type);
        line.repetition = repetition == 1   ? Repetition::kOptional
                          : repetition == 2 ? Repetition::kRepeated
                                            : Repetition::kRequired;
        break;
      }
      case 4:
        line.name = std::string(thrift.Binary(field.type));
        break;
      case 5: {
        const int64_t children = thrift.Integer(field.type);
        line.children = children > 0 && children <= INT32_MAX ? static_cast<uint32_t>(children) : 0;
        break;
      }
      case 6:
        converted = Converted(thrift.Integer(field.type));
        break;
      case 10:
        if (field.type == Type::kStruct)
          line.meaning = Logical(thrift);
        else
          thrift.Skip(field.type);
        break;
      default:
        thrift.Skip(field.type);
    }
  }
  if (line.children > 0) line.is_leaf = false;
  if (line.meaning == Meaning::kNone) line.meaning = converted;
  return line;
}

uint64_t Count(int64_t number) { return number > 0 ? static_cast<uint64_t>(number) : 0; }

void ReadColumnMeta(ThriftCompact& thrift, ColumnChunk& chunk) {
  uint64_t data = 0, dictionary = 0, compressed = 0;
  int16_t last = 0;
  while (const auto field = thrift.NextField(last)) {
    switch (field.id) {
      case 1:
        chunk.physical = Small(thrift.Integer(field.type));
        break;
      case 2: {
        const auto list = thrift.BeginList(field.type);
        for (uint32_t i = 0; i < list.size && !thrift.failed(); ++i) {
          const uint8_t encoding = Small(thrift.Integer(list.type));
          // Those that the format does not know share a bit, which nobody reads.
          chunk.encodings |= 1u << (encoding < 31 ? encoding : 31);
        }
        break;
      }
      case 4:
        chunk.codec = Small(thrift.Integer(field.type));
        break;
      case 5:
        chunk.values = Count(thrift.Integer(field.type));
        break;
      case 6:
        chunk.uncompressed = Count(thrift.Integer(field.type));
        break;
      case 7:
        compressed = Count(thrift.Integer(field.type));
        break;
      case 9:
        data = Count(thrift.Integer(field.type));
        break;
      case 11:
        dictionary = Count(thrift.Integer(field.type));
        break;
      default:
        thrift.Skip(field.type);
    }
  }
  // Some writers give 0, or a place behind the data, where there is no dictionary.
  chunk.begin = dictionary > 0 && dictionary < data ? dictionary : data;
  if (__builtin_add_overflow(chunk.begin, compressed, &chunk.end)) chunk.end = 0;
}

ColumnChunk ReadColumnChunk(ThriftCompact& thrift) {
  ColumnChunk chunk;
  int16_t last = 0;
  while (const auto field = thrift.NextField(last)) {
    switch (field.id) {
      case 3:
        if (field.type == Type::kStruct)
          ReadColumnMeta(thrift, chunk);
        else
          thrift.Skip(field.type);
        break;
      case 1:  // file_path
      case 8:  // crypto_metadata
      case 9:
        chunk.elsewhere = true;
        thrift.Skip(field.type);
        break;
      default:
        thrift.Skip(field.type);
    }
  }
  return chunk;
}

RowGroup ReadRowGroup(ThriftCompact& thrift) {
  RowGroup group;
  int16_t last = 0;
  while (const auto field = thrift.NextField(last)) {
    switch (field.id) {
      case 1: {
        const auto list = thrift.BeginList(field.type);
        for (uint32_t i = 0; i < list.size && !thrift.failed(); ++i) {
          if (list.type == Type::kStruct)
            group.columns.push_back(ReadColumnChunk(thrift));
          else
            thrift.Skip(list.type);
        }
        break;
      }
      case 2:
        group.uncompressed = Count(thrift.Integer(field.type));
        break;
      case 3:
        group.rows = Count(thrift.Integer(field.type));
        break;
      default:
        thrift.Skip(field.type);
    }
  }
  return group;
}

constexpr uint64_t kMagic = 4;

tl::unexpected<Error> Damaged(std::string what) {
  return Fail(ErrorKind::kBadInput, std::move(what));
}

}  // namespace

Result<Footer> ReadFooter(const BytesAt& file) {
  const uint64_t size = file.size();
  char tail[8];
  if (size < 2 * kMagic + 4) return Damaged("too short for a Parquet file");
  ASSIGN_OR_RETURN(const size_t got, file.ReadAt(size - 8, tail, 8));
  if (got != 8 || std::memcmp(tail + 4, "PAR1", 4) != 0) {
    return Damaged(std::memcmp(tail + 4, "PARE", 4) == 0
                       ? "the foot is encrypted"
                       : "a Parquet file ends with PAR1: this one was cut, or is none");
  }
  uint32_t length = 0;
  std::memcpy(&length, tail, 4);
  if (length > size - 12)
    return Damaged(fmt::format("the foot says {} bytes, the file has {}", length, size));
  std::string bytes(length, '\0');
  ASSIGN_OR_RETURN(const size_t read, file.ReadAt(size - 8 - length, bytes.data(), length));
  if (read != length) return Damaged("the foot cannot be read whole");

  Footer footer;
  ThriftCompact thrift(bytes);
  int16_t last = 0;
  bool encrypted = false;
  while (const auto field = thrift.NextField(last)) {
    if (field.id == 2 || field.id == 4) {
      const auto list = thrift.BeginList(field.type);
      for (uint32_t i = 0; i < list.size && !thrift.failed(); ++i) {
        if (list.type != Type::kStruct)
          thrift.Skip(list.type);
        else if (field.id == 2)
          footer.schema.push_back(ReadSchemaLine(thrift));
        else
          footer.groups.push_back(ReadRowGroup(thrift));
      }
    } else {
      encrypted |= field.id == 8;
      thrift.Skip(field.type);
    }
  }
  if (thrift.failed()) return Damaged("the foot is damaged: no Thrift that can be read");
  if (encrypted) return Damaged("columns are encrypted");
  for (size_t g = 0; g < footer.groups.size(); ++g) {
    for (const ColumnChunk& chunk : footer.groups[g].columns) {
      if (chunk.elsewhere) continue;
      if (chunk.begin < kMagic || chunk.end < chunk.begin || chunk.end > size - 8 - length)
        return Damaged(fmt::format("row group {} has a column outside of the file", g + 1));
    }
  }
  return footer;
}

}  // namespace plumbago::store
