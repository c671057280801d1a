#include "fetch/json_slices.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace plumbago::fetch {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Behind the quote that ends the text that begins at text[at].
size_t TextEnd(std::string_view text, size_t at) {
  size_t from = at + 1;
  while (from < text.size()) {
    const void* const found = std::memchr(text.data() + from, '"', text.size() - from);
    if (found == nullptr) return kNoEnd;
    const auto quote = static_cast<size_t>(static_cast<const char*>(found) - text.data());
    size_t slashes = 0;
    while (quote - slashes > at + 1 && text[quote - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return quote + 1;
    from = quote + 1;
  }
  return kNoEnd;
}

void AppendUtf8(uint32_t code, std::string& out) {
  const auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

// Four hex digits behind a \u; nothing if they are none.
std::optional<uint32_t> FourDigits(std::string_view text, size_t at) {
  if (text.size() < 4 || at > text.size() - 4) return std::nullopt;
  uint32_t code = 0;
  const char* const begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
  if (error != std::errc() || end != begin + 4) return std::nullopt;
  return code;
}

}  // namespace

size_t SkipBlanks(std::string_view text, size_t at) {
  while (at < text.size() && IsBlank(text[at])) ++at;
  return at;
}

size_t ValueEnd(std::string_view text, size_t at) {
  if (at >= text.size()) return kNoEnd;
  const char first = text[at];
  if (first == '"') return TextEnd(text, at);
  if (first == '{' || first == '[') {
    size_t depth = 0;
    while (at < text.size()) {
      const char c = text[at];
      if (c == '"') {
        at = TextEnd(text, at);
        if (at == kNoEnd) return kNoEnd;
        continue;
      }
      ++at;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return at;
    }
    return kNoEnd;
  }
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
  std::string out;
  for (size_t i = 0; i < bare.size(); ++i) {
    if (bare[i] != '\\' || i + 1 >= bare.size()) {
      out += bare[i];
      continue;
    }
    const char c = bare[++i];
    constexpr std::string_view kFrom = "bfnrt", kTo = "\b\f\n\r\t";
    if (const size_t known = kFrom.find(c); known != kFrom.npos) {
      out += kTo[known];
    } else if (c != 'u') {
      out += c;
    } else if (auto code = FourDigits(bare, i + 1)) {
      i += 4;
      if (*code >= 0xd800 && *code < 0xdc00 && bare.substr(i + 1).starts_with("\\u")) {
        const auto low = FourDigits(bare, i + 3);
        if (low && *low >= 0xdc00 && *low < 0xe000) {
          code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
          i += 6;
        }
      }
      AppendUtf8(*code >= 0xd800 && *code < 0xe000 ? 0xfffd : *code, out);
    }
  }
  return out;
}

void AppendOnOneLine(std::string_view value, std::string& out) {
  const size_t begin = out.size();
  out += value;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
      [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

}  // namespace plumbago::fetch
