// A document as GitHub-flavoured Markdown: for a README or a ticket. Completeness first, ranked
// findings, then each section with its numbers, tables of `top` rows, and figures as text: bars as
// they are on a terminal, curves as quantiles, graph and heat map as tables.
//
// Text of the data is escaped: it can neither make markup nor HTML nor mentions of people. Pure.
#pragma once

#include <string>
#include <string_view>

#include "document/document.h"

namespace plumbago::render {

struct MarkdownOptions {
  size_t top = 20;  // rows of a table
};

std::string RenderMarkdown(const document::Document& document, const MarkdownOptions& options = {});

// Printable, on one line, with what Markdown would take as markup behind a backslash.
std::string MarkdownText(std::string_view text);

}  // namespace plumbago::render
