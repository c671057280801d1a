// Profiles for speedscope (its file format: https://www.speedscope.app/file-format-schema.json).
//
// A call tree becomes "sampled" profiles, one an entry, the one with the most time first, with a
// weight in microseconds for each stack: for the left-heavy and the sandwich view. A trace becomes
// "evented" profiles: spans opened and closed in time, strictly nested; what runs beside its
// siblings begins a profile of its own, "beside 1", "beside 2", ..., at most 50 in all.
#pragma once

#include "render/call_tree.h"
#include "render/pieces.h"
#include "render/trace_profile.h"

namespace plumbago::render {

inline constexpr size_t kSpeedscopeProfiles = 50;  // more and its list of profiles is no use

struct SpeedscopeOptions {
  std::string name;      // of the file, as shown
  std::string exporter;  // "plumbago 1.2.3"
};

struct SpeedscopeWritten {
  size_t profiles = 0;
  size_t left_out =
      0;  // entries beyond kSpeedscopeProfiles: all in a last profile "(other entries)"
};

// Errors: those of `put`.
Result<SpeedscopeWritten> WriteSpeedscope(const CallTree& tree, const SpeedscopeOptions& options,
                                          const PutText& put);
// Spans without times are left out.
Result<SpeedscopeWritten> WriteSpeedscope(const ProfileTrace& trace,
                                          const SpeedscopeOptions& options, const PutText& put);

}  // namespace plumbago::render
