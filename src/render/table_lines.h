// Tables and small facts of a document as lines of a screen.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "document/document.h"
#include "render/grid.h"

namespace plumbago::render {

// The first `rows` rows; numbers printed in their column's unit, long hexadecimal ids shortened.
Grid ToGrid(const document::Table& table, size_t rows);

// "name value" facts behind a label, in two columns where all fit, else in one.
void AddPairs(std::string_view label, const std::vector<std::pair<std::string, std::string>>& facts,
              int indent, Screen& screen);

// ASCII letters in upper case; others as they are.
std::string Upper(std::string_view text);

}  // namespace plumbago::render
