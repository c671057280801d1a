// What the page of a report carries with it: its styles and its few lines of script. Both are
// constant; nothing of the data is in them.
#pragma once

namespace plumbago::render {

extern const char* const kReportStyle;
// Theme button, filter and sort of tables; the page is whole without it.
extern const char* const kReportScript;
// Of these two texts, as a Content-Security-Policy names them. Constants like the texts: a test
// computes them again and says what they have to be.
extern const char* const kReportStyleHash;
extern const char* const kReportScriptHash;

}  // namespace plumbago::render
