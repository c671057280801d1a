// What if a service, or one of its operations, needed less time of its own? An option of the
// command line, and which spans it means.
//
//   --faster 'geo=20%'            all that geo does itself takes a fifth less
//   --faster 'geo/Nearby=50%'     of geo only the operation Nearby
//
// An operation may be given by its end, from a '/', '.', ':' or blank on: "/geo.Geo/Nearby" is
// "Nearby" and "Geo/Nearby". Names of services may hold slashes: the whole name is compared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago::analysis {

struct Faster {
  std::string name;          // "geo", "geo/Nearby"
  uint32_t left = 10'000;    // of its own time, in ten-thousandths: 20 % faster leaves 8,000
  std::string Text() const;  // "geo/Nearby=50%": the same for the same option
};

// Errors: no '=', no name, a percentage that is none or not within 0 and 100 (kUsage).
Result<Faster> ParseFaster(std::string_view option);

bool Means(const Faster& faster, std::string_view service, std::string_view operation);

}  // namespace plumbago::analysis
