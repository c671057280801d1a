// A document on a terminal: the first screen, or sections in full. Never wider than asked for;
// UTF-8. Pure: the same document and options give the same bytes. Colour repeats what the text says
// and is never needed.
#pragma once

#include <string>
#include <vector>

#include "document/document.h"

namespace plumbago::render {

struct TerminalOptions {
  int width = 100;      // columns; fewer than 40 are taken as 40
  bool colour = false;  // the caller looks at isatty and NO_COLOR
  size_t top = 20;      // rows of a table in a section printed in full
  std::vector<std::string>
      sections;  // ids to print in full instead of the first screen; "all": each
};

std::string RenderTerminal(const document::Document& document, const TerminalOptions& options = {});

}  // namespace plumbago::render
