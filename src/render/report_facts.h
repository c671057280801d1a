// What a report says of its input and completeness, in words: for the terminal, Markdown and HTML
// alike. Text that may come from data is not yet printable.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "document/document.h"

namespace plumbago::render {

std::string Plural(uint64_t count, const char* one, const char* many);

// "alibaba-2022", "2 files (1 skipped)", "10.5 MB", "639,208 rows", "1.23 s", ...
// Without speed and threads where `run` has none.
std::vector<std::string> InputParts(const document::Input& input, const document::Run& run);

struct TracePart {
  uint64_t count;
  std::string text;  // "8,807 whole (64.8 %)"
};
// Whole, mended (or used as written), dropped.
std::vector<TracePart> TraceParts(const document::Document& document);

std::vector<std::string> WindowParts(const document::Completeness& completeness);

// Rows lost or altered, then each kind with its count; one sentence where there is none.
std::vector<std::string> DamageParts(const document::Input& input);

// Name and value.
std::vector<std::pair<std::string, std::string>> QualityFacts(
    const document::Completeness& completeness);

// "looking at whole traces alone would change 19 of 23 headlines by more than 5 %", "" where there
// are no headlines.
std::string HiddenClaim(const document::Completeness& completeness);

}  // namespace plumbago::render
