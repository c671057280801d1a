#include "formats/json/record_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "formats/csv/malformed.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::json {
namespace {

// Lines are indexed together: so much stays in the second cache with its tokens.
constexpr size_t kWindowBytes = 64u << 10;

bool HasEscapes(std::string_view text) {
  return std::memchr(text.data(), '\\', text.size()) != nullptr;
}

}  // namespace

void RecordReader::Read(Shape shape) {
  const std::string_view text = block_.first ? csv::WithoutByteOrderMark(block_.text) : block_.text;
  scratch_.arena.Clear();
  if (shape == Shape::kLines) {
    ReadLines(text);
  } else {
    ReadDocuments(text);
  }
  batch_.Flush();
}

void RecordReader::ReadLines(std::string_view text) {
  lines_fixed_ = true;
  while (!text.empty()) {
    size_t size = text.size();
    if (size > kWindowBytes) {
      const void* end = memrchr(text.data(), '\n', kWindowBytes);
      if (end == nullptr) end = std::memchr(text.data(), '\n', size);
      if (end != nullptr)
        size = static_cast<size_t>(static_cast<const char*>(end) - text.data()) + 1;
    }
    const std::string_view window = text.substr(0, size);
    text.remove_prefix(size);
    const bool escapes = HasEscapes(window);
    const bool whole = scratch_.index.Index(window);
    const uint32_t* token = scratch_.index.at();
    const uint32_t* const last = token + scratch_.index.size();
    for (size_t begin = 0; begin < window.size();) {
      const size_t found = window.find('\n', begin);
      const size_t end = found == window.npos ? window.size() : found;
      line_begin_ = static_cast<int64_t>(begin);
      line_end_ = end;
      if (whole) {
        const uint32_t* const behind = std::lower_bound(token, last, static_cast<uint32_t>(end));
        ReadLine(window, token, behind, escapes);
        token = behind;
      } else {
        const std::string_view line = window.substr(begin, end - begin);
        line_begin_ = 0;
        line_end_ = line.size();
        if (scratch_.index.Index(line)) {
          const uint32_t* const at = scratch_.index.at();
          ReadLine(line, at, at + scratch_.index.size(), escapes);
        } else {
          const TextFault fault = FindFault(line);
          Bad(fault.at,
              fmt::format("expected {}, found {}: mend or leave out this line", fault.expected,
                          fault.at < line.size()
                              ? fmt::format("'{}'", csv::Shown(line.substr(fault.at), 24))
                              : "the end of the line"));
        }
      }
      ++line_;
      begin = end + 1;
    }
  }
  context_.lines = line_;
}

void RecordReader::ReadLine(std::string_view text, const uint32_t* at, const uint32_t* end,
                            bool escapes) {
  if (at == end) return;
  json = Cursor(text.data(), at, end, &scratch_.arena, escapes);
  if (!Record()) {
    Bad();
  } else if (!json.done()) {
    // Values side by side on one line.
    ReadTop();
  }
}

void RecordReader::ReadDocuments(std::string_view text) {
  lines_fixed_ = false;
  line_seen_ = block_.first;
  // In pieces that stay in the cache with their tokens; cutting is cheap.
  const DocumentCutter cutter(wrappers_);
  bool first = block_.first;
  while (!text.empty()) {
    size_t size = 0;
    for (size_t wanted = kWindowBytes; size == 0; wanted *= 2) {
      const std::string_view some = text.substr(0, wanted);
      size = cutter.Cut(some, some.size() == text.size());
    }
    ReadPiece(text.substr(0, size), first);
    first = false;
    text.remove_prefix(size);
  }
  context_.lines = line_;
}

void RecordReader::ReadPiece(std::string_view text, bool first) {
  check_ = !scratch_.index.Index(text);
  if (check_) scratch_.index.IndexLoosely(text);
  const uint32_t* const at = scratch_.index.at();
  json = Cursor(text.data(), at, at + scratch_.index.size(), &scratch_.arena, HasEscapes(text));
  const char c = json.Peek();
  if (!first && (c == ',' || c == ']')) {
    RestOfElements(Array::kRecords, [this] { return Record(); });
    ReadTail();
  }
  ReadTop();
  json = Cursor(text.data(), nullptr, nullptr, nullptr, false);
  CountLines(text.size());
  line_begin_ -= static_cast<int64_t>(text.size());
  counted_ = 0;
}

// Behind the ] of an array whose holders were left open in the block before.
void RecordReader::ReadTail() {
  while (!json.done()) {
    if (json.TakeIf('}')) continue;
    if (!json.TakeIf(',')) return;
    const uint32_t* const start = json.at();
    std::string_view key;
    if (json.String(key) && json.Take(':') &&
        (std::find(wrappers_.begin(), wrappers_.end(), key) != wrappers_.end() ? Record()
                                                                               : json.Skip()))
      continue;
    Bad();
    json.Recover(start);
    return;
  }
}

void RecordReader::ReadTop() {
  while (!json.done()) {
    const uint32_t* const start = json.at();
    const char c = json.Peek();
    if (c == '{' || c == '[') {
      if (check_ && c == '{' && !IsWrapper() && !CheckRecord()) continue;
      if (Record()) continue;
      Bad();
      json.Recover(start);
    } else {
      json.Fail("a JSON object");
      Bad();
      json.Recover(start);
    }
  }
}

bool RecordReader::IsWrapper() {
  Cursor look = json;
  bool found = false;
  look.Object([&](std::string_view key) {
    found |= std::find(wrappers_.begin(), wrappers_.end(), key) != wrappers_.end();
    return !found && look.Skip();
  });
  return found;
}

bool RecordReader::CheckRecord() {
  const uint32_t* const start = json.at();
  const std::string_view text = json.Here();
  if (scratch_.record.Index(text)) return true;
  const TextFault fault = FindFault(text);
  Bad(*start + fault.at,
      fmt::format("expected {}, found {}: mend or leave out this record", fault.expected,
                  fault.at < text.size()
                      ? fmt::format("'{}'", csv::Shown(text.substr(fault.at), 24))
                      : "the end of the file"));
  if (!json.Recover(start)) json.EndAnywhere();
  return false;
}

void RecordReader::CountLines(size_t position) {
  const char* const text = json.text();
  while (counted_ < position) {
    const void* const found = std::memchr(text + counted_, '\n', position - counted_);
    if (found == nullptr) break;
    counted_ = static_cast<size_t>(static_cast<const char*>(found) - text) + 1;
    line_begin_ = static_cast<int64_t>(counted_);
    line_seen_ = true;
    ++line_;
  }
  counted_ = std::max(counted_, position);
}

void RecordReader::Bad() {
  if (json.ok()) json.Fail("something else");
  // At a line's end the next token is another line's.
  const size_t at = lines_fixed_ ? std::min(json.failed_at(), line_end_) : json.failed_at();
  if (!context_.damage.WantsExample(model::Damage::kMalformed, {block_.index, LineAt(at)})) {
    context_.damage.Add(model::Damage::kMalformed);
    return;
  }
  std::string_view found = json.found();
  if (lines_fixed_) found = std::string_view(json.text() + at, line_end_ - at);
  found = found.substr(0, found.find_first_of("\r\n"));
  Bad(at, fmt::format(
              "expected {}, found {}", json.expected(),
              found.empty() ? std::string("the end") : fmt::format("'{}'", csv::Shown(found, 24))));
}

void RecordReader::Bad(size_t position, std::string_view text) {
  const uint32_t line = LineAt(position);
  const int64_t column = line_seen_ ? static_cast<int64_t>(position) - line_begin_ + 1 : 0;
  batch_.Malformed(line, static_cast<uint64_t>(std::max<int64_t>(column, 0)), text);
}

}  // namespace plumbago::formats::json
