// What a fit aims at: plain numbers out of a report. The one place where a report of the user's
// data is read for it, and so the list of what can leak into a fitted workload
// (docs/design/0007-fit.md).
//
// No names are taken. Tails and quantiles that fewer than kRare traces stand beyond are left out;
// the size of the largest trace is rounded to steps of 2 %.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"
#include "generate/selection.h"
#include "model/call.h"

namespace plumbago::generate {

inline constexpr double kRare = 10;

struct Targets {
  struct Value {
    std::string section, name;
    double value = 0;
  };
  std::vector<Value> values;  // headlines
  struct Tail {
    Feature of = Feature::kServices;
    std::vector<document::Point> points;  // x, share of traces with at least x
  };
  std::vector<Tail> tails;
  Largest largest;
  std::optional<double> callers, pairs;  // a trace: callers with siblings, pairs of them
  double rows = 0, traces = 0;
  double duplicates = 0, malformed = 0;                     // of rows
  double propagation = 0, missing = 0;                      // damaged callers, of calls
  std::array<std::optional<double>, model::kKinds> own_ns;  // mean own time of calls, by kind

  std::optional<double> Find(std::string_view section, std::string_view name) const;
};

Targets TargetsOf(const document::Document& document);

// A headline that is a ratio of sums over traces.
struct RatioHeadline {
  const char* section;
  const char* name;
  Feature part, whole;
};
const std::vector<RatioHeadline>& RatioHeadlines();

// The constraints that make a selection meet the targets.
std::vector<Constraint> ConstraintsOf(const Targets& targets);

// One headline of two reports.
struct HeadlineMatch {
  std::string section, name;
  document::Unit unit = document::Unit::kNone;
  std::optional<double> wanted, got;
  bool total = false;    // grows with the rows
  bool aimed = false;    // of a section whose headlines a fit aims at; the others follow as they may
  double Error() const;  // |got / wanted - 1|; 0 if both are 0 or unknown, 1 if one is
};
inline constexpr double kNear = 0.05;
// Of the sections and headlines that both have.
std::vector<HeadlineMatch> MatchHeadlines(const document::Document& wanted,
                                          const document::Document& got);

}  // namespace plumbago::generate
