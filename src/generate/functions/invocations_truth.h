// What generated tables of functions hold, counted while they are made: the answer that reading
// them must give back. docs/formats/truth-json.md describes the JSON.
//
// A thread has one of its own; Merge adds. All are integer counts and lists that are sorted by
// application at the end, so nothing depends on who made what.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generate/functions/app_plan.h"
#include "generate/functions/invocation_damage.h"

namespace plumbago::generate::functions {

struct InvocationOptions {
  uint32_t apps = 1000;
  uint32_t days = kReleaseDays;
  uint64_t seed = 1;
  uint32_t memory_days =
      kReleaseDays;       // that have a table of memory; the release's d13, d14 lack it
  uint64_t log_rows = 0;  // about so many executions in the log; 0: there is none
  InvocationDamage damage;
  unsigned threads = 1;
};

// Rows and what is in them, without names. Before damage where that does not say otherwise.
struct InvocationCounts {
  uint64_t apps = 0, functions = 0;  // that a written table of invocations has
  uint64_t invocations = 0;          // of those tables; second copies not
  uint64_t rows = 0;                 // of those tables; second copies and malformed lines not
  uint64_t duration_rows = 0, memory_rows = 0;
  uint64_t log_apps = 0, log_rows = 0;
  // Damage.
  uint64_t duplicate_rows = 0, malformed_lines = 0;
  uint64_t functions_without_durations = 0, functions_in_durations_only = 0;
  uint64_t apps_without_memory = 0, apps_in_memory_only = 0;
  uint64_t negative_rows = 0, other_count_rows = 0;
  // Rows of durations with an average, minimum or maximum of 0 (below 0.5 ms) or less.
  uint64_t not_above_0_rows = 0;

  void Add(const InvocationCounts& other);
};

struct InvocationsTruth {
  // An application with a planted period, or one that follows another.
  struct PlantedApp {
    AppPlan plan;
    uint64_t invocations = 0;  // written
  };
  InvocationCounts counts;
  std::vector<PlantedApp> planted;
  bool interrupted = false;

  void Merge(InvocationsTruth&& other);
  // `fitted`: the shape was taken from a log.
  std::string Json(const InvocationOptions& options, bool fitted) const;
};

}  // namespace plumbago::generate::functions
