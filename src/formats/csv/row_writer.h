// Writes CSV rows: text goes to a buffer that stays in the cache and from there to the output
// string in large pieces, so that no field costs a check for room.
//
//   RowWriter writer(out);
//   writer.Begin(most bytes that the row can take);
//   writer.Text(name), writer.Comma(), writer.Milliseconds(ns), writer.End();
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "formats/csv/delimiter_scan.h"

namespace plumbago::formats::csv {

// Most bytes that Text may write.
constexpr size_t TextBound(std::string_view text) { return 2 * text.size() + 2; }
inline constexpr size_t kMillisecondsBound = 24;

class RowWriter {
 public:
  explicit RowWriter(std::string& out)
      : out_(out),
        buffer_(std::make_unique_for_overwrite<char[]>(kBytes)),
        capacity_(kBytes),
        at_(buffer_.get()) {}
  ~RowWriter() { Flush(); }
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  // Makes room for `bound` bytes.
  void Begin(size_t bound) {
    if (bound > capacity_ - Used()) [[unlikely]]
      MakeRoom(bound);
  }
  void Comma() { *at_++ = ','; }
  void End() { *at_++ = '\n'; }
  // As it is: for words and numbers.
  void Raw(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  // With quotes where needed.
  void Text(std::string_view text) {
    if (NeedsQuotes(text)) [[unlikely]] {
      Quoted(text);
    } else {
      Raw(text);
    }
  }
  // Nanoseconds as milliseconds, with as many digits behind the point as they need, but at least
  // `decimals` (0 or 1).
  void Milliseconds(int64_t nanoseconds, int decimals = 0) {
    if (nanoseconds % 1'000'000 != 0) [[unlikely]]
      return Fraction(nanoseconds);
    at_ = std::to_chars(at_, at_ + 24, nanoseconds / 1'000'000).ptr;
    if (decimals != 0) *at_++ = '.', *at_++ = '0';
  }
  // For writers of other things: writes at `at()` and moves it.
  char* at() { return at_; }
  void set_at(char* at) { at_ = at; }

 private:
  static constexpr size_t kBytes = 32u << 10;

  size_t Used() const { return static_cast<size_t>(at_ - buffer_.get()); }
  void Flush();
  void MakeRoom(size_t bound);
  void Quoted(std::string_view text);
  void Fraction(int64_t nanoseconds);

  std::string& out_;
  std::unique_ptr<char[]> buffer_;
  size_t capacity_;
  char* at_;
};

}  // namespace plumbago::formats::csv
