// The words that both Alibaba releases share: marks of a missing name, kinds of calls, the epoch.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/call.h"

namespace plumbago::formats::alibaba {

// Timestamps of the 2021 release count from here: its trace ids tell their birth in epoch
// milliseconds, and 17 of 19 traces of its samples begin -10..+6 ms from theirs if time zero is
// this. (2020-06-12 01:00:00 UTC.) Nobody knows the epoch of 2022.
inline constexpr int64_t kEpoch2021Ns = 1'591'923'600'000 * 1'000'000;
// A 2021 timestamp from here on is not within the release's half day, whoever wrote it: it is read
// as time since 1970. Our writer writes times before the epoch so.
inline constexpr int64_t kAbsoluteNs = 1'000'000'000'000 * 1'000'000;

// True for what stands where a name should: (?), nothing, NAN, UNKNOWN, UNAVAILABLE, None, and the
// words that pandas reads as missing (NA, n/a, #N/A, NULL, nan, <NA>, 1.#IND, ...), since most
// copies went through it.
bool IsMissingWord(std::string_view text);
// The same; quick for real names.
inline bool IsMissing(std::string_view text) {
  if (text.size() > 11) return false;
  if (text.empty()) return true;
  // First letters of real short names and ids (MS_1, S_1, 0.1) begin no such word: one bit a
  // character of those that do.
  constexpr uint64_t kLow = 1ull << '(' | 1ull << '#' | 1ull << '-' | 1ull << '<' | 1ull << '1';
  constexpr uint64_t kHigh = 1ull << ('U' - 64) | 1ull << ('N' - 64) | 1ull << ('n' - 64);
  const auto c = static_cast<unsigned char>(text[0]);
  if (c >= 128 || ((c < 64 ? kLow : kHigh) >> (c & 63) & 1) == 0) return false;
  return IsMissingWord(text);
}

// rpc, http, mq, db, mc, userDefined; missing marks are kUnknown, other words kOther.
model::Kind ParseKind(std::string_view word);
// The word of a kind; UNKNOWN for kUnknown, userDefined for what the releases have no word for.
std::string_view KindWord(model::Kind kind);

}  // namespace plumbago::formats::alibaba
