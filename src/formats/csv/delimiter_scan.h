// Finds every ',' and '\n' of a text, 64 bytes at a time. The one place of the CSV reader with
// vector code: AVX2 where the processor has it (asked once at run time), 64-bit arithmetic
// elsewhere; same answer.
//
// 13 GB/s on one core, 3 GB/s portably (alibaba_2021_benchmark.cc): the positions are written four
// at a time without a branch per delimiter, and for each line end its place in that list is noted,
// so that "does this line have nine fields" is one subtraction.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace plumbago::formats::csv {

// Bytes that must be readable behind a scanned text; their content does not matter.
inline constexpr size_t kPadding = 64;

// The delimiters of one text, reused from text to text. Field k of the line whose first delimiter
// is at()[i] lies in [at()[i+k-1] + 1, at()[i+k]): at()[-1] is such that this holds for the first
// field too.
class Delimiters {
 public:
  // For texts of up to `capacity` bytes (below 2^31).
  explicit Delimiters(size_t capacity);

  // Delimiters of `text`, kPadding readable bytes behind it.
  void Scan(std::string_view text);
  // The same without vector instructions; for tests, and what Scan does on other processors.
  void ScanPortably(std::string_view text);

  // Positions of ',' and '\n', ascending.
  const uint32_t* at() const { return at_.get() + 1; }
  uint32_t* at() { return at_.get() + 1; }
  size_t size() const { return size_; }
  // Where in at() the line ends stand, ascending.
  const uint32_t* line_ends() const { return line_ends_.get(); }
  size_t lines() const { return lines_; }
  // True if the text has a '"': found on the way, which costs next to nothing.
  bool quotes() const { return quotes_; }
  size_t capacity() const { return capacity_; }

 private:
  size_t capacity_;
  std::unique_ptr<uint32_t[]> at_;
  std::unique_ptr<uint32_t[]> line_ends_;
  size_t size_ = 0;
  size_t lines_ = 0;
  bool quotes_ = false;
};

// True if `text` has a character for which a CSV field must be quoted: , " CR LF. No padding
// needed.
bool NeedsQuotes(std::string_view text);

}  // namespace plumbago::formats::csv
