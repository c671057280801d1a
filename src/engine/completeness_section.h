// The report's first part made of what was counted: survivorship (statistics T3), the section
// `completeness`, whether any damage was found, and what to run next.
#pragma once

#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "document/document.h"

namespace plumbago::engine {

// The section, described like an analysis.
extern const analysis::Description kCompletenessDescription;

// Fills document.completeness.hidden from the sections' headlines: what keeping only whole traces
// would have changed.
void FillSurvivorship(document::Document& document);

document::Section CompletenessSection(const document::Document& document);
bool WantsCompleteness(const std::vector<std::string>& only, const std::vector<std::string>& skip);

// Commands worth running now, for this result.
std::vector<std::string> SuggestNext(const document::Document& document);

}  // namespace plumbago::engine
