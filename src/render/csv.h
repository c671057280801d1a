// A table as CSV (RFC 4180), for `-o FILE`: a line of column ids, then all rows, numbers in their
// base unit (ns, bytes, shares 0..1) and in the shortest form that reads back the same, nothing as
// an empty field. Lines end with LF.
#pragma once

#include <string>

#include "document/document.h"

namespace plumbago::render {

std::string RenderTableCsv(const document::Table& table);

}  // namespace plumbago::render
