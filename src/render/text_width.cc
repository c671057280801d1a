#include "render/text_width.h"

#include <algorithm>
#include <cctype>

#include "render/character_width.h"

namespace plumbago::render {
namespace {

constexpr char32_t kBad = 0xFFFD;
constexpr std::string_view kBadBytes = "\xEF\xBF\xBD";
constexpr std::string_view kCut = "…";

struct Character {
  char32_t code;
  size_t bytes;
};

// Decodes the character at the start of `text` (not empty): RFC 3629, so neither overlong forms nor
// surrogates.
Character Next(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {kBad, 1};
  char32_t code = lead & (0x7Fu >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {kBad, 1};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {kBad, 1};
  return {code, bytes};
}

bool Dangerous(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
         c == 0x200F || c == 0x061C || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

// Bytes of the longest prefix that is at most `width` columns wide.
size_t PrefixBytes(std::string_view text, int width) {
  size_t at = 0;
  while (at < text.size()) {
    const Character c = Next(text.substr(at));
    width -= CharacterWidth(c.code);
    if (width < 0) break;
    at += c.bytes;
  }
  return at;
}

// Start of the longest suffix that is at most `width` columns wide.
size_t SuffixStart(std::string_view text, int width) {
  size_t start = 0;
  for (int left = TextWidth(text); left > width;) {
    const Character c = Next(text.substr(start));
    left -= CharacterWidth(c.code);
    start += c.bytes;
  }
  return start;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = Next(text);
    if (c.code == '\t' || c.code == '\n') {
      out += ' ';
    } else if (c.code == kBad || Dangerous(c.code)) {
      out += kBadBytes;
    } else {
      out += text.substr(0, c.bytes);
    }
    text.remove_prefix(c.bytes);
  }
  return out;
}

int TextWidth(std::string_view printable) {
  int width = 0;
  while (!printable.empty()) {
    const Character c = Next(printable);
    width += CharacterWidth(c.code);
    printable.remove_prefix(c.bytes);
  }
  return width;
}

std::string CutEnd(std::string_view printable, int width) {
  if (width <= 0) return "";
  if (TextWidth(printable) <= width) return std::string(printable);
  return std::string(printable.substr(0, PrefixBytes(printable, width - 1))).append(kCut);
}

std::string CutMiddle(std::string_view printable, int width) {
  if (TextWidth(printable) <= width) return std::string(printable);
  if (width < 8) return CutEnd(printable, width);
  const int tail = (width - 1) / 2;
  std::string out(printable.substr(0, PrefixBytes(printable, width - 1 - tail)));
  out += kCut;
  out += printable.substr(SuffixStart(printable, tail));
  return out;
}

std::string ShortName(std::string_view printable) {
  constexpr size_t kKept = 12;
  const bool hex =
      printable.size() >= 32 && std::all_of(printable.begin(), printable.end(), [](char c) {
        return std::isxdigit(static_cast<unsigned char>(c)) != 0;
      });
  if (!hex) return std::string(printable);
  return std::string(printable.substr(0, kKept)).append(kCut);
}

std::string ShortIds(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    size_t word = 0;
    while (word < text.size() && std::isalnum(static_cast<unsigned char>(text[word]))) ++word;
    if (word > 0) {
      out += ShortName(text.substr(0, word));
    } else {
      out += text[0];
      word = 1;
    }
    text.remove_prefix(word);
  }
  return out;
}

std::vector<std::string> Wrap(std::string_view printable, int width) {
  width = std::max(width, 2);  // a wide character must fit, or nothing would move
  std::vector<std::string> lines;
  std::string line;
  int used = 0;
  while (!printable.empty()) {
    const size_t space = printable.find(' ');
    std::string_view word = printable.substr(0, space);
    printable.remove_prefix(space == std::string_view::npos ? printable.size() : space + 1);
    int columns = TextWidth(word);
    if (columns == 0) continue;
    if (used > 0 && used + 1 + columns > width) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    if (used > 0) {
      line += ' ';
      ++used;
    }
    while (columns > width) {
      const size_t bytes = PrefixBytes(word, width);
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
      columns = TextWidth(word);
    }
    line += word;
    used += columns;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace plumbago::render
