#include "formats/csv/rows.h"

#include <algorithm>

namespace plumbago::formats::csv {

size_t Unquote(std::string_view line, std::string& text, std::vector<uint32_t>& ends) {
  text.clear();
  ends.clear();
  ends.push_back(~uint32_t{0});
  size_t fault = 0;
  for (size_t i = 0;;) {
    if (i < line.size() && line[i] == '"') {
      const size_t open = i++;
      while (true) {
        const size_t quote = line.find('"', i);
        if (quote == std::string_view::npos) {
          if (fault == 0) fault = open + 1;
          i = line.size();
          break;
        }
        text.append(line, i, quote - i);
        i = quote + 1;
        if (i >= line.size() || line[i] != '"') break;
        text.push_back('"');  // doubled
        ++i;
      }
      if (i < line.size() && line[i] != ',' && fault == 0) fault = i + 1;
    }
    const size_t comma = std::min(line.find(',', i), line.size());
    text.append(line, i, comma - i);
    ends.push_back(static_cast<uint32_t>(text.size()));
    text.push_back(',');
    if (comma == line.size()) break;
    i = comma + 1;
  }
  text.append(kPadding, '\0');
  return fault;
}

uint64_t FieldColumn(std::string_view raw, uint32_t column) {
  bool quoted = false;
  for (size_t i = 0; i < raw.size(); ++i) {
    if (column == 0) return i + 1;
    const bool starts = i == 0 || raw[i - 1] == ',';
    if (raw[i] == '"' && (quoted || starts)) quoted = !quoted;
    if (raw[i] == ',' && !quoted) --column;
  }
  return raw.size() + 1;
}

size_t CutLines(std::string_view text, bool end_of_file) {
  if (end_of_file) return text.size();
  const size_t end = text.rfind('\n');
  return end == std::string_view::npos ? 0 : end + 1;
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

BlankLines SkipBlankLines(std::string_view text) {
  BlankLines blank;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      blank.bytes = i + 1;
      ++blank.lines;
    } else if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
      break;
    }
  }
  return blank;
}

uint32_t SkipHeader(bool has_header, std::string_view& text) {
  text = WithoutByteOrderMark(text);
  if (!has_header || text.empty()) return 0;
  const BlankLines blank = SkipBlankLines(text);
  text.remove_prefix(blank.bytes);
  if (text.empty()) return blank.lines;
  const size_t end = text.find('\n');
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return blank.lines + 1;
}

}  // namespace plumbago::formats::csv
