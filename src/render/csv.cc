#include "render/csv.h"

#include <charconv>
#include <cmath>

namespace plumbago::render {
namespace {

// Quoted where it must be: also when empty, which would read as nothing, and with spaces at an end,
// which some readers trim.
void AppendText(const std::string& text, std::string& out) {
  const bool quoted = text.empty() || text.find_first_of(",\"\r\n") != std::string::npos ||
                      text.front() == ' ' || text.back() == ' ';
  if (!quoted) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

template <class Number>
void AppendNumber(Number value, std::string& out) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void AppendCell(const document::Cell& cell, std::string& out) {
  if (const auto* whole = std::get_if<int64_t>(&cell)) {
    AppendNumber(*whole, out);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    if (std::isfinite(*real)) AppendNumber(*real, out);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    AppendText(*text, out);
  }
}

}  // namespace

std::string RenderTableCsv(const document::Table& table) {
  std::string out;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    if (c > 0) out += ',';
    AppendText(table.columns[c].id, out);
  }
  out += '\n';
  for (const auto& row : table.rows) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (c > 0) out += ',';
      if (c < row.size()) AppendCell(row[c], out);
    }
    out += '\n';
  }
  return out;
}

}  // namespace plumbago::render
