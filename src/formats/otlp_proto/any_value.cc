#include "formats/otlp_proto/any_value.h"

#include <utility>

#include "formats/otlp_proto/any_value_json.h"
#include "formats/otlp_proto/fields.h"
#include "formats/protobuf/wire_writer.h"

namespace plumbago::formats::otlp_proto {

using protobuf::WireCursor;
using spans::Value;

bool ReadValue(std::string_view message, Value& value, Texts* texts) {
  WireCursor in(message);
  bool nested = false;
  bool said = false;
  while (const uint32_t tag = in.Next()) {
    bool known = true;
    // Of several the last counts, as for any `oneof`.
    switch (tag) {
      case Tag(of_value::kText, Wire::kBytes):
        value = Value::Text(in.Bytes());
        break;
      case Tag(of_value::kBool, Wire::kVarint):
        value = Value::Bool(in.Varint() != 0);
        break;
      case Tag(of_value::kInt, Wire::kVarint):
        value = Value::Int(static_cast<int64_t>(in.Varint()));
        break;
      case Tag(of_value::kDouble, Wire::kFixed64):
        value = Value::Double(std::bit_cast<double>(in.Fixed64()));
        break;
      case Tag(of_value::kBytes, Wire::kBytes):
        value = {Value::Type::kBytes, in.Bytes(), 0, 0};
        break;
      case Tag(of_value::kArray, Wire::kBytes):
      case Tag(of_value::kMap, Wire::kBytes):
        in.Bytes();
        nested = said = true;
        continue;
      default:
        in.Skip(tag);
        known = false;
    }
    if (known) {
      nested = false;
      said = true;
    }
  }
  if (!in.ok()) return false;
  if (said && !nested) return true;
  value = {Value::Type::kJson, {}, 0, 0};
  std::string json;
  if (!AppendJson(message, json)) return false;
  if (texts != nullptr) value.text = texts->emplace_front(std::move(json));
  return true;
}

void WriteValue(const Value& value, std::string& out) {
  protobuf::WireWriter writer(&out);
  switch (value.type) {
    case Value::Type::kText:
      writer.Bytes(of_value::kText, value.text);
      return;
    case Value::Type::kBool:
      writer.Varint(of_value::kBool, value.integer != 0 ? 1 : 0);
      return;
    case Value::Type::kInt:
      writer.Varint(of_value::kInt, static_cast<uint64_t>(value.integer));
      return;
    case Value::Type::kDouble:
      writer.Double(of_value::kDouble, value.number);
      return;
    case Value::Type::kBytes:
      writer.Bytes(of_value::kBytes, value.text);
      return;
    case Value::Type::kJson:
      if (!AppendMessage(value.text, out)) writer.Bytes(of_value::kText, value.text);
      return;
  }
}

}  // namespace plumbago::formats::otlp_proto
