// Strict JSON (RFC 8259), one value after the other from one line: what is asked for must stand
// there, or the cursor fails with the column and what was expected. No tree, no allocation but for
// texts with escapes.
//
//   JsonCursor json(line, &unescaped);
//   json.Take('[') && json.String(name) && json.Take(']') && json.End()
//
// Every function returns false once the cursor has failed. Texts must be valid UTF-8; those without
// escapes point into the line, the others into `unescaped`, which must not move meanwhile.
//
// Cost: about 1 ns a byte. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumbago::formats::call_graph_json {

class JsonCursor {
 public:
  // Values within values within a skipped one.
  static constexpr int kMostDepth = 64;

  // `unescaped` is given room for all of the line: texts that were read stay where they are.
  JsonCursor(std::string_view line, std::string* unescaped);

  // The next character other than blanks, 0 at the end.
  char Peek();
  // Goes on if `c` is next.
  bool TakeIf(char c);
  // `c` must be next.
  bool Take(char c);
  bool String(std::string_view& text);
  // A whole number from 0 to `most` without sign, point or exponent.
  bool Uint(uint64_t most, uint64_t& value);
  // null, if it is next.
  bool TakeNull();
  // Any value.
  bool Skip() { return Skip(kMostDepth); }
  // Nothing but blanks may follow.
  bool End();

  bool ok() const { return expected_ == nullptr; }
  // Fails here, if nothing has failed yet.
  bool Fail(const char* expected) { return FailAt(at_, expected); }
  // Where and why: the 1-based byte column, what was expected there, what stands there.
  uint64_t column_here() const { return static_cast<uint64_t>(at_ - begin_) + 1; }
  uint64_t column() const { return static_cast<uint64_t>(failed_at_ - begin_) + 1; }
  const char* expected() const { return expected_; }
  std::string_view found() const { return {failed_at_, static_cast<size_t>(end_ - failed_at_)}; }

 private:
  bool FailAt(const char* at, const char* expected);
  bool Skip(int depth);
  bool Number();
  bool Word(std::string_view word);
  bool Unescape(const char* begin, std::string_view& text);
  bool HexDigits(uint32_t& value);
  void SkipBlanks() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  std::string* unescaped_;
  const char* expected_ = nullptr;
  const char* failed_at_;
};

}  // namespace plumbago::formats::call_graph_json
