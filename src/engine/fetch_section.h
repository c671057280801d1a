// What servers that were asked for traces gave and did not give, in the report.
#pragma once

#include <span>
#include <string>

#include "document/document.h"
#include "formats/fetch_report.h"

namespace plumbago::engine {

// The table `fetch` of the section `completeness`: a row for each thing that is worth a count,
// server by server. Nothing where no server was asked.
void AddFetch(std::span<const formats::FetchReport> reports, document::Section& section);

// "INCOMPLETE: 2 windows still full, 1 trace in part"; "" where all that was asked for came.
// `not_fetched` is the count of the damage of that name: that of saved states has no report.
std::string IncompleteText(std::span<const formats::FetchReport> reports, uint64_t not_fetched);

}  // namespace plumbago::engine
