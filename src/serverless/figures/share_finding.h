// A claim of the form "so many of them are so", held against the data with an interval.
#pragma once

#include <string>

#include "document/document.h"

namespace plumbago::serverless {

struct ShareFinding {
  const char* id;
  std::string supported;     // the claim, where the data bear it out
  std::string contradicted;  // where they say the opposite
  std::string what;          // "applications invoked at most once a minute"
  double border = 0.5;       // claimed: more than this share
  const char* source;
  std::string published;
  std::string method;
};

// `share` of the weight; `effective`: how many independent values it rests on. Supported where
// Wilson's 95 % interval lies above the border, contradicted where below, else it cannot be said.
document::Finding Decide(const ShareFinding& of, double share, double effective);
// Nothing to hold it against.
document::Finding CannotSay(const ShareFinding& of, std::string reason);

}  // namespace plumbago::serverless
