#include "fetch/json_slices.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "formats/file_reader.h"
#include "formats/json/bracket_scan.h"
#include "formats/json/cursor.h"
#include "formats/json/pool.h"

namespace plumbago::fetch {
namespace {

namespace json = formats::json;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

size_t SkipBlanks(std::string_view text, size_t at) {
  while (at < text.size() && IsBlank(text[at])) ++at;
  return at;
}

size_t ValueEnd(std::string_view text, size_t at) {
  if (at >= text.size()) return kNoEnd;
  const char first = text[at];
  if (first == '"') return json::EndOfText(text, at);
  if (first == '{' || first == '[') return json::EndOfBrackets(text, at);
  const size_t begin = at;
  while (at < text.size() && !IsBlank(text[at]) && std::strchr(",:]}[{\"", text[at]) == nullptr)
    ++at;
  return at == begin ? kNoEnd : at;
}

std::string_view BareText(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return {};
  return value.substr(1, value.size() - 2);
}

std::optional<int64_t> WholeNumber(std::string_view value) {
  if (value.starts_with('"')) value = BareText(value);
  int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string TextOf(std::string_view value) {
  const std::string_view bare = BareText(value);
  if (bare.empty()) return "";
  std::string padded(value);
  padded.append(formats::kPadding, ' ');
  const uint32_t tokens[] = {0, static_cast<uint32_t>(value.size())};
  json::TextArena arena;
  json::Cursor cursor(padded.data(), tokens, tokens + 1, &arena, true);
  std::string_view text;
  return std::string(cursor.String(text) ? text : bare);
}

void AppendOnOneLine(std::string_view value, std::string& out) {
  const size_t begin = out.size();
  out += value;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
      [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

}  // namespace plumbago::fetch
