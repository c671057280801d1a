#include "formats/alibaba/first_row.h"

#include "formats/csv/header.h"
#include "formats/csv/number.h"
#include "formats/csv/rows.h"

namespace plumbago::formats::alibaba {

std::vector<std::string> FirstRow(std::string_view head) {
  std::vector<std::string> fields;
  const std::string_view line = csv::FirstLine(head);
  std::string text;
  std::vector<uint32_t> ends;
  if (line.size() > csv::kMaxLineBytes || csv::BeginsLikeJson(line)) return fields;
  if (csv::Unquote(line, text, ends) != 0) return fields;
  const csv::Row row{text.data(), ends.data() + 1, 0, line};
  for (uint32_t c = 0; c + 1 < ends.size(); ++c) fields.emplace_back(row[c]);
  return fields;
}

bool LooksLikeTime(std::string_view text) {
  int64_t nanoseconds = 0;
  return csv::ParseMillisecondsSlowly(text, nanoseconds);
}

bool LooksLikeTrace(std::string_view text) {
  if (text.starts_with("T_")) {
    return text.size() > 2 && text.find_first_not_of("0123456789", 2) == std::string_view::npos;
  }
  return text.size() >= 20 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool LooksLikePath(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool LooksLikeKind(std::string_view text) {
  for (const std::string_view word : {"rpc", "http", "mc", "db", "mq", "userDefined", "UNKNOWN"}) {
    if (text == word) return true;
  }
  return false;
}

}  // namespace plumbago::formats::alibaba
