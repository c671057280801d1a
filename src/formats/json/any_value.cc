#include "formats/json/any_value.h"

#include <array>
#include <optional>

#include "formats/json/text_writer.h"

namespace plumbago::formats::json {
namespace {

using spans::Value;

constexpr std::array<int8_t, 256> kBase64 = [] {
  std::array<int8_t, 256> of{};
  for (unsigned c = 0; c < 256; ++c) of[c] = -1;
  int8_t next = 0;
  for (unsigned c = 'A'; c <= 'Z'; ++c) of[c] = next++;
  for (unsigned c = 'a'; c <= 'z'; ++c) of[c] = next++;
  for (unsigned c = '0'; c <= '9'; ++c) of[c] = next++;
  of['+'] = of['-'] = 62;
  of['/'] = of['_'] = 63;
  return of;
}();

bool ReadBytes(Cursor& json, std::string_view& bytes) {
  const uint32_t* const at = json.at();
  std::string_view text;
  if (!json.String(text)) return false;
  return DecodeBase64(text, *json.arena(), bytes) || json.FailAt(at, "bytes as base64");
}

// The value of a member that holds no other values: whether it could be read. Nothing: `key` is
// none of those; then nothing is read.
std::optional<bool> ReadScalar(Cursor& json, std::string_view key, Value& value) {
  switch (key.size()) {
    case 8:
      if (key != "intValue") break;
      value = Value::Int(0);
      return json.Integer(value.integer);
    case 9: {
      if (key != "boolValue") break;
      bool said = false;
      if (!json.Bool(said)) return false;
      value = Value::Bool(said);
      return true;
    }
    case 10:
      if (key != "bytesValue") break;
      value = {Value::Type::kBytes, {}, 0, 0};
      return ReadBytes(json, value.text);
    case 11:
      if (key == "stringValue") {
        value = Value::Text({});
        return json.String(value.text);
      }
      if (key == "doubleValue") {
        Number number;
        if (!json.ReadNumber(number)) return false;
        value = Value::Double(number.real);
        return true;
      }
      break;
    default:
      break;
  }
  return std::nullopt;
}

// The value as JSON without blanks, in one way of writing it.
bool CopyAnyValue(Cursor& json, std::string& out, int depth);

bool CopyKeyValues(Cursor& json, std::string& out, int depth) {
  bool first = true;
  out += '[';
  const bool ok = json.Array([&] {
    std::string_view key;
    std::string value = "{}";
    const bool read = json.Object([&](std::string_view name) {
      if (name == "key") return json.String(key);
      if (name != "value") return json.Skip();
      value.clear();
      return CopyAnyValue(json, value, depth);
    });
    if (!first) out += ',';
    first = false;
    out += "{\"key\":";
    AppendText(key, out);
    out += ",\"value\":";
    out += value;
    out += '}';
    return read;
  });
  out += ']';
  return ok;
}

bool CopyAnyValue(Cursor& json, std::string& out, int depth) {
  if (depth > Cursor::kMostDepth) return json.Fail("values nested no deeper than 64");
  if (json.TakeNull()) {
    out += "{}";
    return true;
  }
  const size_t begin = out.size();
  const bool ok = json.Object([&](std::string_view key) {
    out.resize(begin);
    if (key == "arrayValue" || key == "kvlistValue") {
      const bool array = key == "arrayValue";
      bool values = false;
      out += array ? "{\"arrayValue\":{" : "{\"kvlistValue\":{";
      const bool read = json.Object([&](std::string_view name) {
        if (json.TakeNull()) return true;
        if (name != "values" || values) return json.Skip();
        values = true;
        out += "\"values\":";
        if (!array) return CopyKeyValues(json, out, depth + 1);
        out += '[';
        bool first = true;
        const bool all = json.Array([&] {
          if (!first) out += ',';
          first = false;
          return CopyAnyValue(json, out, depth + 1);
        });
        out += ']';
        return all;
      });
      out += "}}";
      return read;
    }
    Value value;
    const std::optional<bool> read = ReadScalar(json, key, value);
    if (!read) return json.Skip();
    if (!*read) return false;
    AppendAnyValue(value, out);
    return true;
  });
  if (out.size() == begin) out += "{}";
  return ok;
}

}  // namespace

bool DecodeBase64(std::string_view text, TextArena& arena, std::string_view& bytes) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  if (text.size() % 4 == 1) return false;
  char* const begin = arena.Room(text.size() / 4 * 3 + 3);
  char* out = begin;
  uint32_t word = 0;
  int bits = 0;
  for (const char c : text) {
    const int8_t digit = kBase64[static_cast<unsigned char>(c)];
    if (digit < 0) return false;
    word = word << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      *out++ = static_cast<char>(word >> bits);
    }
  }
  bytes = arena.KeepText(static_cast<size_t>(out - begin));
  return true;
}

bool ReadAnyValue(Cursor& json, Value& value) {
  const uint32_t* const start = json.at();
  bool nested = false;
  value = {};
  value.type = Value::Type::kJson;
  value.text = "{}";
  if (json.TakeNull()) return true;
  const bool ok = json.Object([&](std::string_view key) {
    if (const std::optional<bool> read = ReadScalar(json, key, value)) return *read;
    nested |= key == "arrayValue" || key == "kvlistValue";
    return json.Skip();
  });
  if (!ok) return false;
  if (!nested) return true;
  static thread_local std::string copy;
  copy.clear();
  json.GoTo(start);
  if (!CopyAnyValue(json, copy, 0)) return false;
  value = {};
  value.type = Value::Type::kJson;
  value.text = json.arena()->CopyText(copy);
  return true;
}

bool ReadAttribute(Cursor& json, spans::Attribute& attribute) {
  return json.Object([&](std::string_view key) {
    if (key == "key") return json.String(attribute.key);
    if (key == "value") return ReadAnyValue(json, attribute.value);
    return json.Skip();
  });
}

bool ReadAttributes(Cursor& json, std::vector<spans::Attribute>& attributes) {
  if (json.TakeNull()) return true;
  return json.Array([&] { return ReadAttribute(json, attributes.emplace_back()); });
}

}  // namespace plumbago::formats::json
