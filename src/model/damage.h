// Every way in which data can be incomplete or wrong, as named counters. Nothing is lost silently:
// what is altered, joined or left out is counted here, with a first example.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/call.h"

namespace plumbago::model {

enum class Damage : uint8_t {
  kMalformed,          // a line that is no row
  kDuplicate,          // a row said twice, beyond the two sides of a call
  kCopy,               // the same span delivered again by a replicated store
  kMissingParent,      // a call whose caller's rows are lost
  kPropagation,        // one call id for different calls: the context was not passed on
  kConflictingCaller,  // the row's caller is not the callee of the parent call
  kUnknownName,        // caller or callee is missing in the row
  kSign,               // both rows of a call carry the same side (2021: the sign of rt)
  kCutArchive,         // a compressed file ended early
  kLeftCut,            // a trace that began before the data
  kRightCut,           // a trace still at work at the end of the data
  kReusedId,           // a trace id whose rows are from different times
  kUnreadable,         // a file that could not be read at all
  kTooLong,            // a name, path or id beyond what is kept
  kTooLargeTrace,      // a trace whose rows do not fit the memory of the run
  kClosedTooEarly,     // a trace that saved states counted in parts
  kWrongTime,          // a span that ends before it starts, or lies outside all times
  kClockSkew,          // a span whose host's clock was put right
  kCircle,             // spans that are their own ancestors by the ids of their parents
  kNotFetched,         // a server holds more than it gave
};
inline constexpr size_t kDamages = 20;

struct DamageInfo {
  Damage damage;
  const char* name;   // as in JSON: "missing_parent"
  const char* title;  // for people: "missing parent"
  const char* help;   // one sentence
};
const DamageInfo& Describe(Damage damage);

// An example: where, and a sentence. Of several the one that stands first in the input is kept:
// order of (block, line), the same whatever thread found it.
struct Example {
  Origin origin;
  uint64_t column = 0;  // 1-based; 0: the whole row
  std::string text;     // what was found, what was expected
  std::string file;     // set where the damage is a file's, not a row's
};

// Counters of one thread; merged by adding. Not thread-safe.
class DamageCounts {
 public:
  void Add(Damage damage, uint64_t count = 1) { counts_[Slot(damage)] += count; }
  // Counts one and keeps the example if it stands before the one that is kept.
  void Add(Damage damage, const Example& example);
  // True if an example at `origin` would be kept: ask before making its text.
  bool WantsExample(Damage damage, const Origin& origin) const;
  uint64_t Count(Damage damage) const { return counts_[Slot(damage)]; }
  const Example* First(Damage damage) const;
  void Merge(const DamageCounts& other);

 private:
  static size_t Slot(Damage damage) { return static_cast<size_t>(damage); }
  std::array<uint64_t, kDamages> counts_{};
  std::array<std::optional<Example>, kDamages> examples_;
};

}  // namespace plumbago::model
