// The findings of a report in the order in which they deserve attention.
#pragma once

#include <vector>

#include "document/document.h"

namespace plumbago::document {

struct RankedFinding {
  const Finding* finding;
  const Section* section;
};

// First what can be acted on, by the time that it could save; then what describes, by rank; then
// what cannot be said. Equal ones as the sections have them. Points into `document`.
std::vector<RankedFinding> RankedFindings(const Document& document);

}  // namespace plumbago::document
