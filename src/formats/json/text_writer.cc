#include "formats/json/text_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/utf8.h"

namespace plumbago::formats::json {
namespace {

// Characters that stand for themselves.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = 0x20; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

void AppendEscaped(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  while (!text.empty()) {
    const size_t bytes = CharacterBytes(text);
    const char c = text[0];
    const auto byte = static_cast<unsigned char>(c);
    if (bytes == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out.append(text.substr(0, bytes));
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
}

}  // namespace

void AppendText(std::string_view text, std::string& out) {
  out += '"';
  size_t plain = 0;
  while (plain < text.size() && kPlain[static_cast<unsigned char>(text[plain])]) ++plain;
  out.append(text.substr(0, plain));
  if (plain < text.size()) AppendEscaped(text.substr(plain), out);
  out += '"';
}

void AppendInt(int64_t value, std::string& out) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void AppendDouble(double value, std::string& out) {
  if (!std::isfinite(value)) {
    out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    return;
  }
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void AppendBase64(std::string_view bytes, std::string& out) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = std::min<size_t>(3, bytes.size() - i);
    uint32_t word = 0;
    for (size_t k = 0; k < 3; ++k)
      word = word << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k) out += k <= left ? kDigits[word >> (18 - 6 * k) & 63] : '=';
  }
}

void AppendAnyValue(const spans::Value& value, std::string& out) {
  using Type = spans::Value::Type;
  switch (value.type) {
    case Type::kText:
      out += "{\"stringValue\":";
      AppendText(value.text, out);
      break;
    case Type::kBool:
      out += value.integer != 0 ? "{\"boolValue\":true" : "{\"boolValue\":false";
      break;
    case Type::kInt:
      out += "{\"intValue\":\"";
      AppendInt(value.integer, out);
      out += '"';
      break;
    case Type::kDouble:
      out += "{\"doubleValue\":";
      AppendDouble(value.number, out);
      break;
    case Type::kBytes:
      out += "{\"bytesValue\":\"";
      AppendBase64(value.text, out);
      out += '"';
      break;
    case Type::kJson:
      out += value.text;
      return;
  }
  out += '}';
}

void AppendAttributes(std::span<const spans::Attribute> attributes, std::string& out) {
  out += '[';
  for (const spans::Attribute& attribute : attributes) {
    if (&attribute != attributes.data()) out += ',';
    out += "{\"key\":";
    AppendText(attribute.key, out);
    out += ",\"value\":";
    AppendAnyValue(attribute.value, out);
    out += '}';
  }
  out += ']';
}

}  // namespace plumbago::formats::json
