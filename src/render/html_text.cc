#include "render/html_text.h"

#include <fmt/format.h>

#include <cmath>

#include "render/text_width.h"

namespace plumbago::render {

std::string Html(std::string_view text, size_t most) {
  // A character is 4 bytes at most, and no one needs what is cut anyway.
  const bool longer = text.size() > 4 * most;
  const std::string printable =
      CutEnd(Printable(longer ? text.substr(0, 4 * most) : text), static_cast<int>(most));
  std::string out;
  out.reserve(printable.size() + printable.size() / 8);
  for (const char c : printable) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string HtmlName(std::string_view text, size_t most) {
  return "<bdi>" + Html(text, most) + "</bdi>";
}

std::string Coordinate(double value) {
  if (!std::isfinite(value) || std::fabs(value) > 1e7) value = 0;
  std::string out = fmt::format("{:.2f}", value);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

std::string HtmlId(std::string_view prefix, std::string_view text) {
  std::string out(prefix);
  for (const char c : text.substr(0, 60)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain || c == '-' || c == '_' ? c : '-';
  }
  return out;
}

}  // namespace plumbago::render
