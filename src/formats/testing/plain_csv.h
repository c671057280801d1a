// For tests: published tables of figures.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace plumbago::formats::testing {

// Fields of a CSV without quotes, header left out.
inline std::vector<std::vector<std::string>> PlainCsvRows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  for (size_t at = text.find('\n') + 1; at < text.size();) {
    size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    std::vector<std::string> fields(1);
    for (const char c : text.substr(at, end - at)) {
      if (c == ',') {
        fields.emplace_back();
      } else if (c != '\r') {
        fields.back() += c;
      }
    }
    rows.push_back(std::move(fields));
    at = end + 1;
  }
  return rows;
}

}  // namespace plumbago::formats::testing
