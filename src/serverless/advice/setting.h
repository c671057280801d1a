// A setting of a service: how long its last idle instance stays, how many stay always, and what is
// held by the clock.
#pragma once

#include <cstdint>

#include "serverless/advice/schedule.h"

namespace plumbago::serverless {

struct Setting {
  uint32_t keep = 0;       // lifetime of the last idle instance, seconds
  uint32_t others = 0;     // of those beside it, at most `keep` of them counts
  uint32_t always_on = 0;  // instances that never go
  Schedule schedule;       // one instance, held by the clock

  friend bool operator==(const Setting&, const Setting&) = default;
};

}  // namespace plumbago::serverless
