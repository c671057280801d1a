// The first screen: what an expert wants to see of a run before anything else. Each part adds
// itself to the screen, or nothing where the document has nothing to say.
#pragma once

#include "document/document.h"
#include "render/screen.h"

namespace plumbago::render {

// Of a table on the first screen.
inline constexpr size_t kKeyRows = 6;

void AddPartialNote(const document::Document& document, Screen& screen);
void AddInput(const document::Document& document, Screen& screen);
void AddCompleteness(const document::Document& document, size_t hidden_rows, Screen& screen);
void AddShape(const document::Document& document, Screen& screen);     // shape_screen.cc
void AddFindings(const document::Document& document, Screen& screen);  // finding_lines.cc
void AddKeyTables(const document::Document& document, Screen& screen);
void AddNext(const document::Document& document, Screen& screen);

}  // namespace plumbago::render
