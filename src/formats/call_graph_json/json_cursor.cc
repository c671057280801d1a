#include "formats/call_graph_json/json_cursor.h"

#include <array>

#include "base/utf8.h"
#include "formats/hex_digits.h"
#include "formats/json/utf8_character.h"

namespace plumbago::formats::call_graph_json {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Ends a run of plain text: quote, backslash, control characters, and what is not ASCII.
constexpr std::array<bool, 256> kNotPlain = [] {
  std::array<bool, 256> stops{};
  for (size_t c = 0; c < 256; ++c) stops[c] = c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
  return stops;
}();

// Bytes of the character at `at` that is not plain; 0: it is not valid, or a control character.
size_t BytesOf(const char* at, const char* end) {
  if (static_cast<unsigned char>(*at) < 0x80) return 0;
  return CharacterBytes({at, static_cast<size_t>(end - at)});
}

}  // namespace

JsonCursor::JsonCursor(std::string_view line, std::string* unescaped)
    : begin_(line.data()),
      at_(line.data()),
      end_(line.data() + line.size()),
      unescaped_(unescaped),
      failed_at_(line.data()) {
  unescaped_->clear();
  // An escape is longer than what it stands for.
  if (line.find('\\') != std::string_view::npos) unescaped_->reserve(line.size());
}

bool JsonCursor::FailAt(const char* at, const char* expected) {
  if (expected_ == nullptr) {
    expected_ = expected;
    failed_at_ = at;
  }
  at_ = end_;
  return false;
}

char JsonCursor::Peek() {
  SkipBlanks();
  return at_ < end_ ? *at_ : '\0';
}

bool JsonCursor::TakeIf(char c) {
  if (!ok() || Peek() != c || at_ == end_) return false;
  ++at_;
  return true;
}

bool JsonCursor::Take(char c) {
  if (TakeIf(c)) return true;
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
      return Fail(":");
    default:
      return Fail(",");
  }
}

bool JsonCursor::String(std::string_view& text) {
  if (!ok()) return false;
  if (Peek() != '"' || at_ == end_) return Fail("a text in quotes");
  const char* const begin = ++at_;
  for (;;) {
    while (at_ < end_ && !kNotPlain[static_cast<unsigned char>(*at_)]) ++at_;
    if (at_ == end_) return Fail("the end of a text");
    if (*at_ == '"') break;
    if (*at_ == '\\') return Unescape(begin, text);
    const size_t bytes = BytesOf(at_, end_);
    if (bytes == 0) return Fail("valid UTF-8 without control characters");
    at_ += bytes;
  }
  text = {begin, static_cast<size_t>(at_ - begin)};
  ++at_;
  return true;
}

// At the first backslash of a text.
bool JsonCursor::Unescape(const char* begin, std::string_view& text) {
  std::string& out = *unescaped_;
  const size_t start = out.size();
  out.append(begin, at_);
  for (;;) {
    if (at_ == end_) return Fail("the end of a text");
    const char c = *at_;
    if (c == '"') break;
    if (c != '\\') {
      const bool plain = !kNotPlain[static_cast<unsigned char>(c)];
      const size_t bytes = plain ? 1 : BytesOf(at_, end_);
      if (bytes == 0) return Fail("valid UTF-8 without control characters");
      out.append(at_, bytes);
      at_ += bytes;
      continue;
    }
    const char* const escape = at_;
    if (++at_ == end_) return Fail("the end of a text");
    switch (*at_++) {
      case '"':
        out += '"';
        break;
      case '\\':
        out += '\\';
        break;
      case '/':
        out += '/';
        break;
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u': {
        uint32_t code = 0;
        if (!HexDigits(code)) return false;
        if (code >= 0xD800 && code < 0xDC00) {
          uint32_t low = 0;
          if (end_ - at_ < 2 || at_[0] != '\\' || at_[1] != 'u') {
            return FailAt(escape, "a pair of surrogates");
          }
          at_ += 2;
          if (!HexDigits(low)) return false;
          if (low < 0xDC00 || low > 0xDFFF) return FailAt(escape, "a pair of surrogates");
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        } else if (code >= 0xDC00 && code < 0xE000) {
          return FailAt(escape, "a pair of surrogates");
        }
        char bytes[4];
        out.append(bytes, json::PutUtf8(code, bytes));
        break;
      }
      default:
        return FailAt(escape, "an escape of JSON");
    }
  }
  ++at_;
  text = std::string_view(out).substr(start);
  return true;
}

bool JsonCursor::HexDigits(uint32_t& value) {
  value = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    if (at_ == end_) return Fail("four hexadecimal digits");
    const uint8_t digit = kHexDigits[static_cast<unsigned char>(*at_)];
    if (digit == kNoHexDigit) return Fail("four hexadecimal digits");
    value = value << 4 | digit;
  }
  return true;
}

bool JsonCursor::Uint(uint64_t most, uint64_t& value) {
  if (!ok()) return false;
  SkipBlanks();
  const char* const begin = at_;
  if (at_ == end_ || !IsDigit(*at_)) return Fail("a whole number");
  value = 0;
  for (; at_ < end_ && IsDigit(*at_); ++at_) {
    if (__builtin_mul_overflow(value, uint64_t{10}, &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(*at_ - '0'), &value)) {
      return FailAt(begin, "a smaller number");
    }
  }
  if (*begin == '0' && at_ - begin > 1) return FailAt(begin, "a number without zeros before it");
  if (at_ < end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E')) {
    return FailAt(begin, "a whole number");
  }
  return value <= most || FailAt(begin, "a smaller number");
}

bool JsonCursor::Word(std::string_view word) {
  if (static_cast<size_t>(end_ - at_) < word.size() || std::string_view(at_, word.size()) != word) {
    return Fail("a value");
  }
  at_ += word.size();
  return true;
}

bool JsonCursor::TakeNull() { return ok() && Peek() == 'n' && at_ < end_ && Word("null"); }

bool JsonCursor::Number() {
  const auto digits = [&] {
    const char* const begin = at_;
    while (at_ < end_ && IsDigit(*at_)) ++at_;
    return at_ > begin;
  };
  if (at_ < end_ && *at_ == '-') ++at_;
  if (at_ < end_ && *at_ == '0') {
    ++at_;
  } else if (!digits()) {
    return Fail("a value");
  }
  if (at_ < end_ && *at_ == '.') {
    ++at_;
    if (!digits()) return Fail("digits");
  }
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return Fail("digits");
  }
  return true;
}

bool JsonCursor::Skip(int depth) {
  if (!ok()) return false;
  if (depth == 0) return Fail("fewer values within values");
  std::string_view text;
  switch (Peek()) {
    case '"':
      return String(text);
    case 't':
      return Word("true");
    case 'f':
      return Word("false");
    case 'n':
      return Word("null");
    case '[':
      ++at_;
      if (TakeIf(']')) return true;
      do {
        if (!Skip(depth - 1)) return false;
      } while (TakeIf(','));
      return Take(']');
    case '{':
      ++at_;
      if (TakeIf('}')) return true;
      do {
        if (!String(text) || !Take(':') || !Skip(depth - 1)) return false;
      } while (TakeIf(','));
      return Take('}');
    default:
      return Number();
  }
}

bool JsonCursor::End() {
  if (!ok()) return false;
  SkipBlanks();
  return at_ == end_ || Fail("the end of the line");
}

}  // namespace plumbago::formats::call_graph_json
