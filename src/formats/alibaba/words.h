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
  const char c = text[0];
  if (c == 'M' || c == 'S') return false;  // MS_1, S_1
  return IsMissingWord(text);
}

// rpc, http, mq, db, mc, userDefined; missing marks are kUnknown, other words kOther.
model::Kind ParseKind(std::string_view word);
// The word of a kind; UNKNOWN for kUnknown, userDefined for what the releases have no word for.
std::string_view KindWord(model::Kind kind);

}  // namespace plumbago::formats::alibaba
