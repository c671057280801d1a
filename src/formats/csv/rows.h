// The rows of a CSV text: lines cut into fields, wrong ones told apart. What every CSV format here
// decodes with.
//
// Text is read in windows of 32 KiB. One without a quote (nearly all data) is cut by delimiter
// positions alone. If a quote stands anywhere in it, each of its lines with one is first rewritten
// without quotes; what the caller sees is the same. A line is always a row: a quoted field may hold
// commas and doubled quotes, never a line end. So a reader can start at any line, and an open quote
// costs one line, not the rest of the file.
//
// Lines end with LF or CR LF, the last one also with nothing. Empty lines are skipped, and counted
// as lines.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "formats/csv/delimiter_scan.h"

namespace plumbago::formats::csv {

// Longest line that is read; a longer one is no row. Bounds the memory of a reader on any input.
inline constexpr size_t kMaxLineBytes = 32u << 10;

// One row. Valid only during the call that shows it; kPadding bytes behind each field are readable.
struct Row {
  const char* text;
  const uint32_t* ends;  // of the fields; see Delimiters
  uint32_t line;         // lines of the text before it
  std::string_view raw;  // the line as it stands, without its line end

  std::string_view operator[](uint32_t column) const {
    const uint32_t begin = ends[static_cast<int32_t>(column) - 1] + 1;
    return std::string_view(text + begin, ends[column] - begin);
  }
};

// A line that is no row.
struct BadLine {
  enum class Fault : uint8_t { kColumns, kQuote, kTooLong };
  Fault fault;
  uint32_t line;
  std::string_view raw;
  uint64_t found = 0;   // kColumns: number of fields; kTooLong: bytes
  uint64_t column = 0;  // 1-based byte column of the fault; 0: the whole line
};

// Rewrites `line` (without its line end) so that no field is quoted: fields in `text`, their ends
// in `ends`
// ([0] is the entry before the first). Returns 0, or the 1-based column of a quote that does not
// close, or that something other than a comma follows.
size_t Unquote(std::string_view line, std::string& text, std::vector<uint32_t>& ends);

// 1-based byte column at which field `column` begins in a raw line, for messages.
uint64_t FieldColumn(std::string_view raw, uint32_t column);

// End of the last whole line of `text` (0: none); all of it at the end of a file.
size_t CutLines(std::string_view text, bool end_of_file);

// Without a UTF-8 byte order mark.
std::string_view WithoutByteOrderMark(std::string_view text);

// The blank lines (nothing, or spaces, tabs and CR) that `text` begins with.
struct BlankLines {
  size_t bytes = 0;
  uint32_t lines = 0;
};
BlankLines SkipBlankLines(std::string_view text);

// Removes what stands before the first row of a file: a byte order mark and, if there is one, the
// header line and blank lines before it. Returns the number of lines removed.
uint32_t SkipHeader(bool has_header, std::string_view& text);

// Cuts texts into rows; holds the buffers. One a thread (or one a block: making it costs little).
class RowReader {
 public:
  explicit RowReader(uint32_t columns) : columns_(columns), delimiters_(kMaxLineBytes + 1) {}

  // Calls on_row(const Row&) for each line of `text` with the right number of fields and
  // on_bad(const BadLine&) for each other one that is not empty. `text` has kPadding readable bytes
  // behind it. Lines are numbered from `first_line`. Returns the number of lines.
  template <class OnRow, class OnBad>
  uint32_t Read(std::string_view text, uint32_t first_line, OnRow&& on_row, OnBad&& on_bad);

 private:
  template <class OnRow, class OnBad>
  uint32_t ReadWindow(std::string_view window, uint32_t line, OnRow&& on_row, OnBad&& on_bad);
  template <class OnRow, class OnBad>
  void ReadQuoted(std::string_view raw, uint32_t line, OnRow&& on_row, OnBad&& on_bad);

  uint32_t columns_;
  Delimiters delimiters_;
  std::string last_line_;
  std::string unquoted_;
  std::vector<uint32_t> unquoted_ends_;
};

template <class OnRow, class OnBad>
uint32_t RowReader::Read(std::string_view text, uint32_t first_line, OnRow&& on_row,
                         OnBad&& on_bad) {
  if (text.empty()) return 0;
  uint32_t line = first_line;
  while (!text.empty()) {
    // A window of whole lines, so small that positions and text stay in the first cache.
    size_t size = text.size();
    if (size > kMaxLineBytes) {
      const void* end = memrchr(text.data(), '\n', kMaxLineBytes);
      size =
          end == nullptr ? 0 : static_cast<size_t>(static_cast<const char*>(end) - text.data()) + 1;
    } else if (text.back() != '\n') {
      const size_t end = text.rfind('\n');
      size = end == std::string_view::npos ? 0 : end + 1;
    }
    if (size != 0) {
      line += ReadWindow(text.substr(0, size), line, on_row, on_bad);
      text.remove_prefix(size);
      continue;
    }
    const void* end = std::memchr(text.data(), '\n', text.size());
    size = end == nullptr ? text.size()
                          : static_cast<size_t>(static_cast<const char*>(end) - text.data()) + 1;
    if (size > kMaxLineBytes) {
      on_bad(BadLine{BadLine::Fault::kTooLong, line, text.substr(0, size), size, 0});
      ++line;
    } else {  // the last line, which nothing ends
      last_line_.reserve(size + 1 + kPadding);
      last_line_.assign(text).push_back('\n');
      last_line_.append(kPadding, '\0');
      line += ReadWindow(std::string_view(last_line_.data(), size + 1), line, on_row, on_bad);
    }
    text.remove_prefix(size);
  }
  return line - first_line;
}

template <class OnRow, class OnBad>
uint32_t RowReader::ReadWindow(std::string_view window, uint32_t line, OnRow&& on_row,
                               OnBad&& on_bad) {
  delimiters_.Scan(window);
  const bool quotes = delimiters_.quotes();
  const char* text = window.data();
  uint32_t* ends = delimiters_.at();
  const uint32_t* line_ends = delimiters_.line_ends();
  const size_t lines = delimiters_.lines();
  uint32_t first = 0;  // the line's first delimiter
  for (size_t i = 0; i < lines; ++i, ++line) {
    uint32_t* fields = ends + first;
    const uint32_t last = line_ends[i];
    const uint32_t count = last + 1 - first;
    first = last + 1;
    const uint32_t begin = fields[-1] + 1;
    const uint32_t newline = ends[last];
    const uint32_t cut = newline > begin && text[newline - 1] == '\r' ? 1 : 0;
    const std::string_view raw(text + begin, newline - cut - begin);
    if (quotes && raw.find('"') != std::string_view::npos) [[unlikely]] {
      ReadQuoted(raw, line, on_row, on_bad);
    } else if (count == columns_ && (count > 1 || !raw.empty())) [[likely]] {
      ends[last] = newline - cut;  // the last field ends before CR ...
      on_row(Row{text, fields, line, raw});
      ends[last] = newline;  // ... and the next line begins behind LF
    } else if (!raw.empty()) {
      on_bad(BadLine{BadLine::Fault::kColumns, line, raw, count, 0});
    }
  }
  return static_cast<uint32_t>(lines);
}

template <class OnRow, class OnBad>
void RowReader::ReadQuoted(std::string_view raw, uint32_t line, OnRow&& on_row, OnBad&& on_bad) {
  const size_t fault = Unquote(raw, unquoted_, unquoted_ends_);
  const size_t count = unquoted_ends_.size() - 1;
  if (fault != 0) {
    on_bad(BadLine{BadLine::Fault::kQuote, line, raw, 0, fault});
  } else if (count != columns_) {
    on_bad(BadLine{BadLine::Fault::kColumns, line, raw, count, 0});
  } else {
    on_row(Row{unquoted_.data(), unquoted_ends_.data() + 1, line, raw});
  }
}

}  // namespace plumbago::formats::csv
