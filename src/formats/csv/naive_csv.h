// For tests and fuzzers: the CSV reader once more, a character at a time, as its rules are written
// and with no thought of speed. The twin that the fast one is held against.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/csv/rows.h"

namespace plumbago::formats::csv {

struct NaiveLine {
  uint32_t line = 0;
  bool good = false;
  std::vector<std::string> fields;  // of a good one
  friend bool operator==(const NaiveLine&, const NaiveLine&) = default;
};

// All lines that are not empty.
inline std::vector<NaiveLine> NaiveRows(std::string_view text, uint32_t columns, uint32_t& lines) {
  std::vector<NaiveLine> rows;
  lines = 0;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = at;
    while (end < text.size() && text[end] != '\n') ++end;
    std::string_view line = text.substr(at, end - at);
    const size_t bytes = line.size() + (end < text.size() ? 1 : 0);
    at = end + 1;
    const uint32_t number = lines++;
    if (bytes > kMaxLineBytes) {
      rows.push_back({number, false, {}});
      continue;
    }
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) continue;
    NaiveLine row{number, true, {""}};
    enum { kStart, kPlain, kQuoted, kAfterQuote } state = kStart;
    for (const char c : line) {
      if (state == kQuoted) {
        if (c == '"') {
          state = kAfterQuote;
        } else {
          row.fields.back() += c;
        }
      } else if (c == ',') {
        row.fields.emplace_back();
        state = kStart;
      } else if (c == '"' && state == kStart) {
        state = kQuoted;
      } else if (c == '"' && state == kAfterQuote) {
        row.fields.back() += c;
        state = kQuoted;
      } else {
        if (state == kAfterQuote) row.good = false;
        row.fields.back() += c;
        state = state == kAfterQuote ? kAfterQuote : kPlain;
      }
    }
    if (state == kQuoted || row.fields.size() != columns) row.good = false;
    if (!row.good) row.fields.clear();
    rows.push_back(row);
  }
  return rows;
}

// What RowReader says, in the same form.
inline std::vector<NaiveLine> FastRows(std::string_view text, uint32_t columns, uint32_t& lines) {
  std::string padded(text);
  padded.append(kPadding, ',');
  std::vector<NaiveLine> rows;
  RowReader reader(columns);
  lines = reader.Read(
      std::string_view(padded.data(), text.size()), 0,
      [&](const Row& row) {
        NaiveLine line{row.line, true, {}};
        for (uint32_t c = 0; c < columns; ++c) line.fields.emplace_back(row[c]);
        rows.push_back(std::move(line));
      },
      [&](const BadLine& bad) { rows.push_back({bad.line, false, {}}); });
  return rows;
}

}  // namespace plumbago::formats::csv
