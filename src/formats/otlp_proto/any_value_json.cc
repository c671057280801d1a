#include "formats/otlp_proto/any_value_json.h"

#include <charconv>
#include <limits>

#include "formats/call_graph_json/json_cursor.h"
#include "formats/json/any_value.h"
#include "formats/json/text_writer.h"
#include "formats/otlp_proto/any_value.h"
#include "formats/otlp_proto/fields.h"
#include "formats/protobuf/wire_writer.h"

namespace plumbago::formats::otlp_proto {
namespace {

using call_graph_json::JsonCursor;
using protobuf::WireCursor;
using protobuf::WireWriter;
using spans::Value;

bool WriteJson(std::string_view message, std::string& out, int depth);

// What stands between the brackets of "values".
bool WriteJsonList(std::string_view message, bool map, std::string& out, int depth) {
  bool first = true;
  WireCursor in(message);
  while (const uint32_t tag = in.Next()) {
    if (tag != Tag(of_list::kValues, Wire::kBytes)) {
      in.Skip(tag);
      continue;
    }
    const std::string_view entry = in.Bytes();
    if (!in.ok()) break;
    if (!first) out += ',';
    first = false;
    if (!map) {
      if (!WriteJson(entry, out, depth)) return false;
      continue;
    }
    std::string_view key, value;
    WireCursor pair(entry);
    while (const uint32_t part = pair.Next()) {
      if (part == Tag(of_key_value::kKey, Wire::kBytes))
        key = pair.Bytes();
      else if (part == Tag(of_key_value::kValue, Wire::kBytes))
        value = pair.Bytes();
      else
        pair.Skip(part);
    }
    if (!pair.ok()) return false;
    out += "{\"key\":";
    json::AppendText(key, out);
    out += ",\"value\":";
    if (!WriteJson(value, out, depth)) return false;
    out += '}';
  }
  return in.ok();
}

bool WriteJson(std::string_view message, std::string& out, int depth) {
  if (depth == 0) return false;
  // Of several fields the last counts; here none is written before that is known.
  uint32_t last = 0;
  WireCursor in(message);
  std::string_view bytes;
  uint64_t number = 0;
  while (const uint32_t tag = in.Next()) {
    switch (tag) {
      case Tag(of_value::kText, Wire::kBytes):
      case Tag(of_value::kArray, Wire::kBytes):
      case Tag(of_value::kMap, Wire::kBytes):
      case Tag(of_value::kBytes, Wire::kBytes):
        bytes = in.Bytes();
        break;
      case Tag(of_value::kBool, Wire::kVarint):
      case Tag(of_value::kInt, Wire::kVarint):
        number = in.Varint();
        break;
      case Tag(of_value::kDouble, Wire::kFixed64):
        number = in.Fixed64();
        break;
      default:
        in.Skip(tag);
        continue;
    }
    last = tag >> 3;
  }
  if (!in.ok()) return false;
  switch (last) {
    case of_value::kText:
      json::AppendAnyValue(Value::Text(bytes), out);
      return true;
    case of_value::kBool:
      json::AppendAnyValue(Value::Bool(number != 0), out);
      return true;
    case of_value::kInt:
      json::AppendAnyValue(Value::Int(static_cast<int64_t>(number)), out);
      return true;
    case of_value::kDouble:
      json::AppendAnyValue(Value::Double(std::bit_cast<double>(number)), out);
      return true;
    case of_value::kBytes:
      json::AppendAnyValue({Value::Type::kBytes, bytes, 0, 0}, out);
      return true;
    case of_value::kArray:
    case of_value::kMap: {
      const bool map = last == of_value::kMap;
      out += map ? "{\"kvlistValue\":{\"values\":[" : "{\"arrayValue\":{\"values\":[";
      const bool written = WriteJsonList(bytes, map, out, depth - 1);
      out += "]}}";
      return written;
    }
    default:
      out += "{}";
      return true;  // no value
  }
}

// JSON of an AnyValue to its message.
class JsonReader {
 public:
  JsonReader(std::string_view text, std::string* unescaped, std::string* out)
      : text_(text), in_(text, unescaped), out_(out) {}

  bool Read() { return AnyValue(kMostDepth) && in_.End(); }

 private:
  // on_key(key) reads the value of each member.
  template <class OnKey>
  bool Object(OnKey on_key) {
    if (!in_.Take('{')) return false;
    if (in_.TakeIf('}')) return true;
    do {
      std::string_view key;
      if (!in_.String(key) || !in_.Take(':') || !on_key(key)) return false;
    } while (in_.TakeIf(','));
    return in_.Take('}');
  }
  // A number, a text with a number, or another word: as it stands.
  bool Scalar(std::string_view& word) {
    if (in_.Peek() == '"') return in_.String(word);
    const size_t begin = in_.column_here() - 1;
    if (!in_.Skip()) return false;
    word = text_.substr(begin, in_.column_here() - 1 - begin);
    return true;
  }
  bool AnyValue(int depth) {
    if (depth == 0) return in_.Fail("no deeper values");
    return Object([&](std::string_view key) {
      std::string_view word;
      if (key == "arrayValue") return List(of_value::kArray, depth - 1);
      if (key == "kvlistValue") return List(of_value::kMap, depth - 1);
      if (!Scalar(word)) return false;
      if (key == "stringValue") {
        out_.Bytes(of_value::kText, word);
      } else if (key == "boolValue") {
        if (word != "true" && word != "false") return in_.Fail("true or false");
        out_.Varint(of_value::kBool, word == "true" ? 1 : 0);
      } else if (key == "intValue") {
        int64_t number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (error != std::errc() || end != word.data() + word.size())
          return in_.Fail("a whole number");
        out_.Varint(of_value::kInt, static_cast<uint64_t>(number));
      } else if (key == "doubleValue") {
        double number = 0;
        if (!Double(word, number)) return in_.Fail("a number");
        out_.Double(of_value::kDouble, number);
      } else if (key == "bytesValue") {
        json::TextArena arena;
        std::string_view bytes;
        if (!json::DecodeBase64(word, arena, bytes)) return in_.Fail("base64");
        out_.Bytes(of_value::kBytes, bytes);
      } else {
        return in_.Fail("a kind of value");
      }
      return true;
    });
  }
  static bool Double(std::string_view word, double& number) {
    if (word == "NaN")
      number = std::numeric_limits<double>::quiet_NaN();
    else if (word == "Infinity")
      number = std::numeric_limits<double>::infinity();
    else if (word == "-Infinity")
      number = -std::numeric_limits<double>::infinity();
    else {
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
      return error == std::errc() && end == word.data() + word.size();
    }
    return true;
  }
  bool List(uint32_t field, int depth) {
    const size_t list = out_.Begin(field);
    const bool read = Object([&](std::string_view key) {
      if (key != "values") return in_.Fail("values");
      if (!in_.Take('[')) return false;
      if (in_.TakeIf(']')) return true;
      do {
        const size_t entry = out_.Begin(of_list::kValues);
        if (!(field == of_value::kMap ? Pair(depth) : AnyValue(depth))) return false;
        out_.End(entry);
      } while (in_.TakeIf(','));
      return in_.Take(']');
    });
    if (read) out_.End(list);
    return read;
  }
  bool Pair(int depth) {
    return Object([&](std::string_view key) {
      if (key == "key") {
        std::string_view name;
        if (!in_.String(name)) return false;
        out_.Bytes(of_key_value::kKey, name);
        return true;
      }
      if (key != "value") return in_.Fail("key or value");
      const size_t value = out_.Begin(of_key_value::kValue);
      if (!AnyValue(depth)) return false;
      out_.End(value);
      return true;
    });
  }

  std::string_view text_;
  JsonCursor in_;
  WireWriter out_;
};

}  // namespace

bool AppendJson(std::string_view message, std::string& json) {
  return WriteJson(message, json, kMostDepth);
}

bool AppendMessage(std::string_view json, std::string& message) {
  const size_t before = message.size();
  std::string unescaped;
  if (JsonReader(json, &unescaped, &message).Read()) return true;
  message.resize(before);
  return false;
}

}  // namespace plumbago::formats::otlp_proto
