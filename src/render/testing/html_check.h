// A strict reader of the HTML that we write, for tests: every tag is one of ours and closed in
// order, every attribute is quoted and one of ours, and text holds no bare < or &.
#pragma once

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plumbago::render::testing {

// "" if all is well, else what is wrong and where.
inline std::string CheckHtml(std::string_view page) {
  static const std::set<std::string, std::less<>> kTags = {
      "html",    "head",    "meta",    "title",  "style",      "body",    "a",      "svg",
      "defs",    "marker",  "path",    "g",      "rect",       "circle",  "text",   "div",
      "header",  "h1",      "h2",      "h3",     "p",          "b",       "button", "main",
      "span",    "ul",      "ol",      "li",     "dl",         "dt",      "dd",     "nav",
      "section", "details", "summary", "table",  "caption",    "thead",   "tbody",  "tr",
      "th",      "td",      "bdi",     "figure", "figcaption", "article", "code",   "footer",
      "script",  "small",   "pattern"};
  static const std::set<std::string, std::less<>> kAttributes = {"lang",
                                                                 "charset",
                                                                 "name",
                                                                 "content",
                                                                 "http-equiv",
                                                                 "class",
                                                                 "href",
                                                                 "width",
                                                                 "height",
                                                                 "aria-hidden",
                                                                 "id",
                                                                 "viewBox",
                                                                 "refX",
                                                                 "refY",
                                                                 "markerWidth",
                                                                 "markerHeight",
                                                                 "markerUnits",
                                                                 "orient",
                                                                 "d",
                                                                 "type",
                                                                 "tabindex",
                                                                 "role",
                                                                 "aria-label",
                                                                 "scope",
                                                                 "title",
                                                                 "x",
                                                                 "y",
                                                                 "rx",
                                                                 "cx",
                                                                 "cy",
                                                                 "r",
                                                                 "text-anchor",
                                                                 "transform",
                                                                 "stroke-width",
                                                                 "marker-end",
                                                                 "stroke-dasharray",
                                                                 "data-v",
                                                                 "open",
                                                                 "patternUnits",
                                                                 "patternTransform",
                                                                 "hidden"};
  std::vector<std::string> open;
  size_t at = 0;
  const auto wrong = [&](const std::string& what) {
    return what + " at " + std::to_string(at) + ": " + std::string(page.substr(at, 60));
  };
  if (page.starts_with("<!DOCTYPE html>")) at = 15;
  while (at < page.size()) {
    if (page[at] == '&') {
      const size_t end = page.find(';', at);
      if (end == std::string_view::npos || end - at > 7) return wrong("bare &");
      at = end + 1;
      continue;
    }
    if (page[at] == '>') return wrong("bare >");
    if (page[at] != '<') {
      ++at;
      continue;
    }
    const bool closing = page.substr(at, 2) == "</";
    size_t end = at + (closing ? 2 : 1);
    while (end < page.size() && std::isalnum(static_cast<unsigned char>(page[end]))) ++end;
    const std::string name(page.substr(at + (closing ? 2 : 1), end - at - (closing ? 2 : 1)));
    if (!kTags.contains(name)) return wrong("unknown tag");
    if (closing) {
      if (open.empty() || open.back() != name) return wrong("closes what is not open");
      open.pop_back();
      if (end >= page.size() || page[end] != '>') return wrong("bad end tag");
      at = end + 1;
      continue;
    }
    bool empty = name == "meta";
    while (end < page.size() && page[end] != '>') {
      if (page[end] == ' ') {
        ++end;
        continue;
      }
      if (page[end] == '/') {
        empty = true;
        ++end;
        continue;
      }
      const size_t key_end = std::min(page.find_first_of("= >/", end), page.size());
      const std::string key(page.substr(end, key_end - end));
      if (!kAttributes.contains(key)) return wrong("unknown attribute " + key);
      end = key_end;
      if (end >= page.size() || page[end] != '=') continue;
      if (end + 1 >= page.size() || page[end + 1] != '"') return wrong("attribute without quotes");
      const size_t quote = page.find('"', end + 2);
      if (quote == std::string_view::npos) return wrong("open quote");
      if (page.substr(end, quote - end).find('<') != std::string_view::npos) {
        return wrong("< in an attribute");
      }
      end = quote + 1;
    }
    if (end >= page.size()) return wrong("open tag");
    at = end + 1;
    if (!empty) open.push_back(name);
    if (name == "style" || name == "script") {
      at = page.find("</" + name + ">", at);
      if (at == std::string_view::npos) return "open " + name;
    }
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

}  // namespace plumbago::render::testing
