// A cursor over Thrift's compact protocol, as Parquet's footer and page headers are written.
//
//   while (const auto field = thrift.NextField(last)) switch (field.id) ...
//
// Hostile bytes are expected: nothing is read beyond the end, nothing nests deeper than kDeepest, a
// list never says more elements than there are bytes. What is wrong makes it fail for good: every
// later read gives nothing, so that callers look at failed() once, at the end.
// Source: thrift/doc/specs/thrift-compact-protocol.md.
#pragma once

#include <cstdint>
#include <string_view>

namespace plumbago::store {

class ThriftCompact {
 public:
  enum class Type : uint8_t {
    kStop,
    kTrue,  // fields alone; in lists a byte each
    kFalse,
    kByte,
    kI16,
    kI32,
    kI64,
    kDouble,
    kBinary,
    kList,
    kSet,
    kMap,
    kStruct,
  };
  struct Field {
    Type type = Type::kStop;
    int16_t id = 0;
    explicit operator bool() const { return type != Type::kStop; }
  };
  struct List {
    Type type = Type::kStop;
    uint32_t size = 0;
  };
  static constexpr unsigned kDeepest = 48;

  explicit ThriftCompact(std::string_view bytes)
      : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool failed() const { return failed_; }
  size_t used() const { return static_cast<size_t>(at_ - begin_); }

  // The next field of a struct; kStop at its end. `last`: the id of the field before it, 0 at the
  // start. Each field must be read, or skipped, before the next.
  Field NextField(int16_t& last);
  void Skip(Type type) { Skip(type, 0); }
  // Of a field that is a boolean its type tells the value.
  static bool Bool(Field field) { return field.type == Type::kTrue; }
  // An integer of any width (`type` of the field). Anything else is skipped and gives 0.
  int64_t Integer(Type type);
  // Views into the bytes.
  std::string_view Binary(Type type);
  // A list or set: `size` elements follow.
  List BeginList(Type type);

 private:
  uint8_t Byte();
  uint64_t Varint();
  void Skip(Type type, unsigned depth);
  void Fail() {
    failed_ = true;
    at_ = end_;
  }
  uint64_t left() const { return static_cast<uint64_t>(end_ - at_); }

  const char* begin_;
  const char* at_;
  const char* end_;
  bool failed_ = false;
};

}  // namespace plumbago::store
