// A finding that says what could be saved: supported where the interval of the saved time lies
// above 0, else it cannot be said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/grouped_sums.h"
#include "document/document.h"

namespace plumbago::analysis {

// So many findings of an analysis; the rest stands in its table.
inline constexpr size_t kMostFindings = 3;

struct Saving {
  std::string id;
  std::string claim;
  std::string advice;
  std::vector<std::string> assumptions;  // that it is an upper bound is added
  std::vector<std::string> examples;
  std::vector<document::Evidence> evidence;
  const char* method;
  const char* source;
};

// `saved_us`: microseconds, over all traces; `traces`: how many there are.
document::Finding FindingOf(Saving saving, const GroupedSums<16>& saved_us,
                            const GroupedSums<16>& traces);

// The headlines of what could be saved in all: the time, and its share of the time of requests.
// Returns the second; valid until the next one is added.
document::Headline& AddSavesHeadlines(document::Section& section, const GroupedSums<16>& saved_us,
                                      const GroupedSums<16>& requests_us);

// Adds the finding where it is supported; where it is not, it is kept only as long as there is no
// better one, so that a section never lists what it cannot say. False: there are enough.
bool AddFinding(document::Finding finding, std::vector<document::Finding>& findings);

// "gate (checkout)": a service and what it was asked for; "(unknown)" where there is no name.
std::string NameOf(std::string_view service, std::string_view operation);

}  // namespace plumbago::analysis
