#include "render/terminal.h"

#include <algorithm>
#include <limits>

#include "render/first_screen.h"
#include "render/screen.h"
#include "render/section_view.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Document;
using document::Section;

constexpr size_t kHiddenRows = 3;

void AddSections(const Document& document, const TerminalOptions& options, Screen& screen) {
  std::vector<std::string> wanted = options.sections;
  if (std::find(wanted.begin(), wanted.end(), "all") != wanted.end()) {
    wanted = {"completeness"};
    for (const Section& section : document.sections) {
      if (section.id != "completeness") wanted.push_back(section.id);
    }
  }
  for (const std::string& id : wanted) {
    const auto section = std::find_if(document.sections.begin(), document.sections.end(),
                                      [&](const Section& s) { return s.id == id; });
    if (id == "completeness") {
      AddCompleteness(document, std::numeric_limits<size_t>::max(), screen);
      AddDamageInFull(document, screen);
      if (section != document.sections.end()) AddSectionBody(*section, options.top, screen);
    } else if (section != document.sections.end()) {
      AddSection(*section, options.top, screen);
    } else {
      std::vector<std::string> known = {"completeness"};
      for (const Section& s : document.sections) {
        if (s.id != "completeness") known.push_back(s.id);
      }
      screen.Heading("no section '" + Printable(id) + "'");
      screen.Add(Labelled("known", JoinParts(known, std::numeric_limits<int>::max()).front(), 12,
                          screen.width()));
    }
  }
}

}  // namespace

std::string RenderTerminal(const Document& document, const TerminalOptions& options) {
  Screen screen(std::max(options.width, 40), options.colour);
  AddPartialNote(document, screen);
  AddInput(document, screen);
  if (!options.sections.empty()) {
    AddSections(document, options, screen);
    return screen.text();
  }
  AddCompleteness(document, kHiddenRows, screen);
  AddShape(document, screen);
  AddFindings(document, screen);
  AddKeyTables(document, screen);
  AddNext(document, screen);
  return screen.text();
}

}  // namespace plumbago::render
