#include "formats/csv/header.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "formats/csv/rows.h"

namespace plumbago::formats::csv {
namespace {

std::string Normalized(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  std::string name(text);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

}  // namespace

std::string_view HeaderFault(std::string_view head) {
  const std::string_view line = FirstLine(head);
  if (line.find('\0') != std::string_view::npos) return "";  // no text
  if (line.find('\r') != std::string_view::npos)
    return ": its lines end with CR alone, which is not read (LF or CR LF are)";
  if (line.size() > kMaxLineBytes) return ": its first line is longer than 32 KiB";
  static_assert(kMaxLineBytes == 32u << 10);
  if (std::count(line.begin(), line.end(), ';') >= 2 && line.find(',') == std::string_view::npos)
    return ": its columns are separated by ';', which is not read (',' is)";
  return "";
}

std::string_view FirstLine(std::string_view head) {
  head = WithoutByteOrderMark(head);
  head.remove_prefix(SkipBlankLines(head).bytes);
  head = head.substr(0, head.find('\n'));
  if (head.ends_with('\r')) head.remove_suffix(1);
  return head;
}

bool BeginsLikeJson(std::string_view line) {
  return line.starts_with("{\"") || line.starts_with("[{");
}

Header Header::Parse(std::string_view head) {
  Header header;
  const std::string_view line = FirstLine(head);
  if (line.empty() || line.size() > kMaxLineBytes || BeginsLikeJson(line)) return header;
  if (line.find('\r') != std::string_view::npos) return header;  // lines that end with CR alone
  std::string text;
  std::vector<uint32_t> ends;
  if (Unquote(line, text, ends) != 0) return header;
  const Row row{text.data(), ends.data() + 1, 0, line};
  for (uint32_t c = 0; c + 1 < ends.size(); ++c) header.names.push_back(Normalized(row[c]));
  return header;
}

uint32_t Header::Find(std::span<const std::string_view> aliases) const {
  for (const std::string_view alias : aliases) {
    const auto found = std::find(names.begin(), names.end(), alias);
    if (found != names.end()) return static_cast<uint32_t>(found - names.begin());
  }
  return kNoColumn;
}

Result<std::vector<uint32_t>> Bind(const Header& header, std::span<const ColumnSpec> specs,
                                   std::string_view format) {
  std::vector<uint32_t> columns;
  std::vector<std::string_view> missing;
  for (const ColumnSpec& spec : specs) {
    columns.push_back(header.Find(std::span(spec.names.begin(), spec.names.size())));
    if (columns.back() == kNoColumn && spec.needed) missing.push_back(*spec.names.begin());
  }
  if (missing.empty()) return columns;
  std::vector<std::string> seen;
  for (const std::string& name : header.names) {
    seen.push_back(name.empty() ? "(no name)" : name.substr(0, 40));
    if (seen.size() == 30) break;
  }
  return Fail(ErrorKind::kBadInput,
              fmt::format("the header lacks columns that {} needs: {}; seen: {}", format,
                          fmt::join(missing, ", "), fmt::join(seen, ", ")),
              Place{.file = {}, .line = 1});
}

}  // namespace plumbago::formats::csv
