// Moments as people and query APIs write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago::fetch {

// RFC 3339 ("2026-11-23T10:00:00Z", "...00.25+01:00"; a date alone is its midnight, without a zone
// it is UTC), "now", or a time before now: "-1h", "-90m", "-2d". Nanoseconds since 1970.
// Errors (kUsage): something else, or a moment beyond the years 1970 to 2262.
Result<int64_t> ParseMoment(std::string_view text, int64_t now_ns);
// "2026-11-23T10:00:00Z", with as many digits of the second as there are.
std::string MomentText(int64_t ns);

}  // namespace plumbago::fetch
