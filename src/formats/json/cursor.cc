#include "formats/json/cursor.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "formats/hex_digits.h"
#include "formats/json/utf8_character.h"

namespace plumbago::formats::json {
namespace {

constexpr std::array<int8_t, 256> kDepth = [] {
  std::array<int8_t, 256> depth{};
  depth['{'] = depth['['] = 1;
  depth['}'] = depth[']'] = -1;
  return depth;
}();

// A number of JSON from a text without blanks around it; also NaN and Infinity, which OTLP writes.
bool ParseNumber(std::string_view text, Number& number) {
  number = {};
  if (text.empty()) return false;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (const auto read = std::from_chars(begin, end, number.integer);
      read.ec == std::errc() && read.ptr == end) {
    number.whole = true;
    number.real =
        number.integer == 0 && text[0] == '-' ? -0.0 : static_cast<double>(number.integer);
    return true;
  }
  uint64_t bits = 0;
  if (const auto read = std::from_chars(begin, end, bits);
      read.ec == std::errc() && read.ptr == end) {
    number.whole = true;
    number.integer = static_cast<int64_t>(bits);
    number.real = static_cast<double>(bits);
    return true;
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") {
    number.real = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (text == "Infinity" || text == "-Infinity") {
    number.real = text[0] == '-' ? -kInfinity : kInfinity;
    return true;
  }
  const char first = text[text[0] == '-' ? 1 : 0];
  if (first < '0' || first > '9') return false;  // from_chars takes "inf"
  const auto read = std::from_chars(begin, end, number.real);
  if (read.ptr != end || read.ec == std::errc::invalid_argument) return false;
  if (read.ec == std::errc::result_out_of_range)
    number.real = text.find("e-") != text.npos ? 0 : text[0] == '-' ? -kInfinity : kInfinity;
  return true;
}

// Four digits, -1: there are none.
int HexCode(const char* at, const char* end) {
  uint64_t code = 0;
  return end - at >= 4 && ParseHex({at, 4}, code) ? static_cast<int>(code) : -1;
}

}  // namespace

bool Cursor::FailAt(const uint32_t* at, const char* expected) {
  if (expected_ == nullptr) {
    expected_ = expected;
    failed_at_ = at;
  }
  return false;
}

bool Cursor::FailTaking(char c) {
  if (open_end_ && at_ == end_ && (c == '}' || c == ']')) return true;
  switch (c) {
    case '{':
      return Fail("{");
    case '}':
      return Fail(", or }");
    case '[':
      return Fail("[");
    case ']':
      return Fail(", or ]");
    case ':':
      return Fail(": behind the key");
    default:
      return Fail("JSON");
  }
}

bool Cursor::Word(std::string_view word) {
  const std::string_view here = Here();
  if (here != word) return Fail("true, false or null");
  ++at_;
  return true;
}

std::string_view Cursor::Here() const {
  if (at_ >= end_) return {};
  const char* const begin = text_ + *at_;
  const uint32_t* at = at_;
  if (kDepth[static_cast<unsigned char>(*begin)] > 0) {
    int64_t depth = 0;
    for (; at < end_; ++at) {
      depth += kDepth[static_cast<unsigned char>(text_[*at])];
      if (depth == 0) return {begin, static_cast<size_t>(text_ + *at + 1 - begin)};
    }
    return {begin, static_cast<size_t>(text_ + *end_ - begin)};
  }
  const char* end = text_ + at[1];
  while (end > begin && (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\r' || end[-1] == '\t'))
    --end;
  return {begin, static_cast<size_t>(end - begin)};
}

bool Cursor::ReadNumber(Number& number) {
  const uint32_t* const start = at_;
  const char c = Peek();
  std::string_view text;
  if (c == '"') {
    if (!String(text)) return false;
  } else {
    if (c != '-' && (c < '0' || c > '9')) return Fail("a number");
    text = Here();
    ++at_;
  }
  return ParseNumber(text, number) || FailAt(start, "a number");
}

bool Cursor::IntegerSlowly(int64_t& value) {
  if (!ok()) return false;
  Number number;
  if (!ReadNumber(number)) return false;
  if (number.whole) {
    value = number.integer;
  } else if (number.real >= -9.2e18 && number.real <= 9.2e18) {
    value = std::llround(number.real);
  } else if (std::isnan(number.real)) {
    return FailAt(at_ - 1, "a number");
  } else {
    value = number.real > 0 ? std::numeric_limits<int64_t>::max()
                            : -std::numeric_limits<int64_t>::max();
  }
  return true;
}

bool Cursor::Uint32(uint32_t& value) {
  int64_t number = 0;
  if (TakeNull()) {
    value = 0;
    return true;
  }
  if (!Integer(number)) return false;
  value =
      number < 0
          ? 0
          : static_cast<uint32_t>(std::min<int64_t>(number, std::numeric_limits<uint32_t>::max()));
  return true;
}

bool Cursor::Bool(bool& value) {
  const std::string_view here = Here();
  value = here == "true" || here == "\"true\"";
  if (!value && here != "false" && here != "\"false\"") return Fail("true or false");
  ++at_;
  return true;
}

bool Cursor::Skip() {
  if (!ok()) return false;
  int64_t depth = 0;
  const uint32_t* at = at_;
  const char first = Peek();
  if (at_ >= end_ || first == ',' || first == ':' || first == '}' || first == ']')
    return Fail("a value");
  do {
    depth += kDepth[static_cast<unsigned char>(text_[*at])];
    ++at;
  } while (depth > 0 && at < end_);
  at_ = at;
  return depth == 0 || Fail("the end of the value");
}

bool Cursor::Recover(const uint32_t* at) {
  expected_ = nullptr;
  failed_at_ = nullptr;
  at_ = at;
  if (Skip()) return true;
  expected_ = nullptr;
  failed_at_ = nullptr;
  // What is no value costs itself, a bracket that is not closed all behind it.
  const bool goes_on = at < end_ && kDepth[static_cast<unsigned char>(text_[*at])] <= 0;
  at_ = goes_on ? at + 1 : end_;
  return goes_on;
}

bool Cursor::Unescape(std::string_view& text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  char* const begin = arena_->Room(text.size());
  char* out = begin;
  while (at < end) {
    if (*at != '\\') {
      *out++ = *at++;
      continue;
    }
    if (++at == end) return FailAt(at_ - 1, "an escape of JSON in the text");
    switch (*at++) {
      case '"':
        *out++ = '"';
        break;
      case '\\':
        *out++ = '\\';
        break;
      case '/':
        *out++ = '/';
        break;
      case 'b':
        *out++ = '\b';
        break;
      case 'f':
        *out++ = '\f';
        break;
      case 'n':
        *out++ = '\n';
        break;
      case 'r':
        *out++ = '\r';
        break;
      case 't':
        *out++ = '\t';
        break;
      case 'u': {
        int code = HexCode(at, end);
        if (code < 0) return FailAt(at_ - 1, "four hex digits behind \\u in the text");
        at += 4;
        uint32_t character = static_cast<uint32_t>(code);
        if (character >= 0xD800 && character < 0xE000) {
          const int low = character < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u'
                              ? HexCode(at + 2, end)
                              : -1;
          if (low >= 0xDC00 && low < 0xE000) {
            character =
                0x10000 + ((character - 0xD800) << 10) + (static_cast<uint32_t>(low) - 0xDC00);
            at += 6;
          } else {
            character = 0xFFFD;  // half a pair
          }
        }
        out = PutUtf8(character, out);
        break;
      }
      default:
        return FailAt(at_ - 1, "an escape of JSON in the text");
    }
  }
  text = arena_->KeepText(static_cast<size_t>(out - begin));
  return true;
}

}  // namespace plumbago::formats::json
