// Times and amounts in logs of executions, where the map says "any": each row says its unit, or its
// numbers are of a size that leaves no doubt. What is in doubt is not read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace plumbago::formats {

// Numbers at least so large are times since 1970 (2001-09-09 and later); smaller ones count from
// where the data begin.
inline constexpr int64_t kFirstDatedNs = 1'000'000'000'000'000'000;

// The unit of a number since 1970, by its size: 1e9 and more are seconds, 1e12 milliseconds, 1e15
// microseconds, 1e18 nanoseconds, each up to four times that (2001 to 2096). Power of ten from the
// unit to nanoseconds; nothing: any other number.
std::optional<uint8_t> UnitBySize(std::string_view number);

// The unit that a column's or key's name ends with: _ns, _us, _ms, _s, _seconds.
std::optional<uint8_t> UnitOfName(std::string_view name);

// "0.123s", "12ms", "1m2.5s", "1.5h", "80µs": numbers with units, added (Go's time.Duration).
// False: something else, or beyond kMostNs (cell_time.h).
bool ParseWrittenDuration(std::string_view text, int64_t& ns);

// Memory as MB of 2^20 bytes: "128Mi", "1.5GB", "131072 KiB"; a bare number is MB below 100,000 and
// bytes from there on, unless the name ends with _bytes, _kb or _mb. False: something else, or
// negative.
bool ParseAnyAmount(std::string_view text, std::string_view name, double& mb);

}  // namespace plumbago::formats
