// What the page of a report carries with it: its styles and its few lines of script. Both are
// constant; nothing of the data is in them.
#pragma once

namespace plumbago::render {

extern const char* const kReportStyle;
// Theme button, filter and sort of tables; the page is whole without it.
extern const char* const kReportScript;

}  // namespace plumbago::render
