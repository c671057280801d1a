// Reads JSON from its tokens, one value after the other: what is asked for must stand there, or the
// cursor fails with the place and what was expected. No tree, no copies but of texts with escapes.
//
//   json.Object([&](std::string_view key) {
//     if (key == "name") return json.String(name);
//     return json.Skip();
//   });
//
// Every function returns false once the cursor has failed. Brackets of what is skipped are counted,
// not told apart, and its numbers and words are not looked at. About 1 ns a token.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "formats/json/pool.h"

namespace plumbago::formats::json {

// A number as it stands.
struct Number {
  bool whole = false;  // `integer` holds it; beyond 64 bits with sign: the bits without sign
  int64_t integer = 0;
  double real = 0;
};

class Cursor {
 public:
  // Values within values, where a reader follows them.
  static constexpr int kMostDepth = 64;

  Cursor() = default;
  // `text` and the tokens `at`..`end` of it, *end the position where the next one would begin.
  // Texts without escapes point into `text`, the others into `arena`. `escapes`: there are some.
  Cursor(const char* text, const uint32_t* at, const uint32_t* end, TextArena* arena, bool escapes)
      : text_(text), at_(at), end_(end), arena_(arena), escapes_(escapes) {}

  bool done() const { return at_ == end_; }
  // The first byte of the next token, 0 at the end.
  char Peek() const { return at_ < end_ ? text_[*at_] : '\0'; }
  bool TakeIf(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  bool Take(char c) { return TakeIf(c) || FailTaking(c); }

  // on_key(key) reads the value; a key with escapes comes as it stands.
  template <class OnKey>
  bool Object(OnKey&& on_key) {
    if (!Take('{')) return false;
    if (TakeIf('}')) return true;
    do {
      if (Peek() != '"') [[unlikely]]
        return Fail("a key in quotes");
      const std::string_view key = Raw();
      if (!Take(':') || !on_key(key)) return false;
    } while (TakeIf(','));
    return Take('}');
  }
  // on_value() reads the value.
  template <class OnValue>
  bool Array(OnValue&& on_value) {
    if (!Take('[')) return false;
    if (TakeIf(']')) return true;
    do {
      if (!on_value()) return false;
    } while (TakeIf(','));
    return Take(']');
  }

  bool String(std::string_view& text) {
    if (Peek() != '"') [[unlikely]]
      return Fail("a text");
    text = Raw();
    return !escapes_ || !HasEscape(text) || Unescape(text);
  }
  // A key of Object without its escapes.
  bool Plain(std::string_view& key) { return !escapes_ || !HasEscape(key) || Unescape(key); }
  // null is an empty text.
  bool StringOrNull(std::string_view& text) {
    if (Peek() == '"') return String(text);
    text = {};
    return TakeNull() || Fail("a text");
  }
  // A number, or one as a text: what JSON cannot hold is often written so.
  bool ReadNumber(Number& number);
  // The same, as a whole number (rounded, bounded): 2^63 and more come as their bits.
  bool Integer(int64_t& value) {
    if (Digits(value)) [[likely]]
      return true;
    return IntegerSlowly(value);
  }
  bool Uint32(uint32_t& value);
  bool Bool(bool& value);
  bool TakeNull() { return Peek() == 'n' && Word("null"); }
  // Any value.
  bool Skip();
  // The value that is next as it stands, without going on.
  std::string_view Here() const;

  bool ok() const { return expected_ == nullptr; }
  // Fails here, or at a token that was there before, if nothing has failed yet.
  bool Fail(const char* expected) { return FailAt(at_, expected); }
  bool FailAt(const uint32_t* at, const char* expected);
  const uint32_t* at() const { return at_; }
  const uint32_t* end() const { return end_; }
  const char* text() const { return text_; }
  TextArena* arena() const { return arena_; }
  size_t position() const { return *at_; }
  size_t failed_at() const { return *failed_at_; }
  const char* expected() const { return expected_; }
  // What stands where it failed, up to the last token.
  std::string_view found() const {
    return {text_ + *failed_at_, static_cast<size_t>(*end_ - *failed_at_)};
  }
  // From here on the end of the tokens closes every object and array: a block of a document ends
  // behind an element, or what follows was counted.
  void EndAnywhere() { open_end_ = true; }
  // Back (or on) to a token of this text.
  void GoTo(const uint32_t* at) { at_ = at; }
  // Forgets a failure, and goes on behind the value that begins at `at`. False: it has no end;
  // then nothing is left.
  bool Recover(const uint32_t* at);

 private:
  // The text that begins here, as it stands.
  std::string_view Raw() {
    const char* const begin = text_ + *at_ + 1;
    const char* end = text_ + *++at_ - 1;  // blanks may stand behind it
    while (*end != '"') --end;
    return {begin, static_cast<size_t>(end - begin)};
  }
  static bool HasEscape(std::string_view text) {
    constexpr uint64_t kOnes = 0x0101010101010101ull;
    const char* at = text.data();
    for (size_t left = text.size(); left > 0;) {
      uint64_t word;
      std::memcpy(&word, at, 8);  // blocks are padded
      word ^= kOnes * '\\';
      uint64_t zero = (word - kOnes) & ~word & (kOnes << 7);
      if (left < 8) zero &= (uint64_t{1} << (8 * left)) - 1;
      if (zero != 0) return true;
      if (left <= 8) break;
      left -= 8;
      at += 8;
    }
    return false;
  }
  // Up to 18 digits, with or without quotes.
  bool Digits(int64_t& value) {
    if (at_ >= end_) return false;
    const char* p = text_ + *at_;
    const bool quoted = *p == '"';
    if (quoted) ++p;
    const char* const begin = p;
    uint64_t number = 0;
    for (; static_cast<unsigned>(*p - '0') < 10u && p - begin < 19; ++p)
      number = number * 10 + static_cast<unsigned>(*p - '0');
    if (p == begin || p - begin > 18) return false;
    if (quoted ? *p != '"' : !EndsNumber(*p)) return false;
    value = static_cast<int64_t>(number);
    ++at_;
    return true;
  }
  static bool EndsNumber(char c) {
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
  bool IntegerSlowly(int64_t& value);
  bool Word(std::string_view word);
  bool Unescape(std::string_view& text);
  bool FailTaking(char c);

  const char* text_ = nullptr;
  const uint32_t* at_ = nullptr;
  const uint32_t* end_ = nullptr;
  TextArena* arena_ = nullptr;
  bool escapes_ = false;
  bool open_end_ = false;
  const char* expected_ = nullptr;
  const uint32_t* failed_at_ = nullptr;
};

}  // namespace plumbago::formats::json
