// What can be broken on purpose in generated tables: the quirks that the Azure release has. What
// was broken stands in the truth.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace plumbago::generate::functions {

struct InvocationDamage {
  double duplicates = 0;     // of rows of invocations: a second row of the same function and day
  double malformed = 0;      // of rows of invocations: a line after it that is none
  double one_table = 0;      // of functions: no durations, and as many in durations only; of
                             // applications: no memory, and as many in memory only
  double negative = 0;       // of rows of durations: an average below 0
  double counts = 0;         // of rows of durations: a count unlike that of the invocations
  uint32_t missing_day = 0;  // 1..: whose table of invocations is not written; 0: none

  bool any() const {
    return duplicates > 0 || malformed > 0 || one_table > 0 || negative > 0 || counts > 0 ||
           missing_day > 0;
  }
};

// "duplicates=0.01,missing-day=5": shares from 0 to 0.5. Errors (kUsage): an unknown kind (lists
// them), a bad value, a day beyond `days`.
Result<InvocationDamage> ParseInvocationDamage(std::string_view text, uint32_t days);

}  // namespace plumbago::generate::functions
