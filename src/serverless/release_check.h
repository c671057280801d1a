// A self-check of the loader: an input that is the Azure release of 2019 by the names of its files
// must come to the release's totals.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/document.h"
#include "serverless/workload_reader.h"

namespace plumbago::serverless {

// Which days of the three tables are there.
struct ReleaseParts {
  std::vector<uint32_t> invocations, durations, memory;  // sorted, from 1
  bool all() const;                                      // 14, 14 and 12 files
};
// Nothing: some file has not one of the release's names.
std::optional<ReleaseParts> PartsOfRelease(const std::vector<std::string>& files);

// Totals beside the release's, where the tables they are of are all there, what differs first; and
// which days are there. Nothing for any other input. Walks all minutes once: half a second for the
// whole release.
std::optional<document::Section> ReleaseCheck(const ReadWorkload& read);

// The same in a line of completeness, of what costs nothing to look at: rows, owners, applications,
// functions, invocations.
std::optional<document::Statement> ReleaseStatement(const ReadWorkload& read);

}  // namespace plumbago::serverless
