#include "formats/csv/row_writer.h"

namespace plumbago::formats::csv {

void RowWriter::Flush() {
  out_.append(buffer_.get(), Used());
  at_ = buffer_.get();
}

void RowWriter::MakeRoom(size_t bound) {
  Flush();
  if (bound <= capacity_) return;
  capacity_ = bound;
  buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
  at_ = buffer_.get();
}

void RowWriter::Quoted(std::string_view text) {
  *at_++ = '"';
  for (char c : text) {
    // A row is a line for every reader here, so a line end within a name cannot be kept.
    if (c == '\n') c = ' ';
    if (c == '"') *at_++ = '"';
    *at_++ = c;
  }
  *at_++ = '"';
}

void RowWriter::Fraction(int64_t nanoseconds) {
  uint64_t value = static_cast<uint64_t>(nanoseconds);
  if (nanoseconds < 0) {
    *at_++ = '-';
    value = ~value + 1;
  }
  at_ = std::to_chars(at_, at_ + 24, value / 1'000'000).ptr;
  *at_++ = '.';
  uint64_t rest = value % 1'000'000;
  for (uint64_t unit = 100'000; rest != 0; unit /= 10) {
    *at_++ = static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
}

}  // namespace plumbago::formats::csv
