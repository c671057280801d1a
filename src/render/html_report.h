// A document as one HTML file: no network, no fonts of its own, light and dark, for a phone and for
// a keyboard; whole without script.
//
// First screen: completeness, five findings, one graph. Then a table of contents and the sections:
// main numbers, findings, figures with their numbers, tables. At most `most_bytes` whatever the
// document holds: tables, lists and texts are cut, the deeper the larger the document; what even
// then has no room is named and left out. Pure: equal documents give equal bytes.
#pragma once

#include <string>

#include "document/document.h"

namespace plumbago::render {

struct HtmlOptions {
  size_t top = 20;  // rows of a table, 1,000 at most
  size_t most_bytes = 2'000'000;
};

std::string RenderHtml(const document::Document& document, const HtmlOptions& options = {});

}  // namespace plumbago::render
