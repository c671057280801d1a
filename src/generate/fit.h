// A workload in the shape of a report: a system and a selection of its traces that give the
// report's headlines back.
//
// Rounds of: grow a system, walk a sample of its traces, solve the selection (selection.h),
// generate a pilot, have it analysed, and correct: first the shape, so that little is left to
// select, then what the selection aims at. The round whose pilot came nearest is the result.
// Deterministic; about 1.5 s of processor a round at a million rows.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "document/document.h"
#include "generate/generate_traces.h"
#include "generate/selection.h"
#include "generate/targets.h"

namespace plumbago::generate {

struct Fitted {
  Shape shape;
  uint32_t services = 0;
  DamageShares damage;
  Selection selection;
  size_t near = 0, compared = 0;  // of the pilot's headlines, totals apart
};

// Generates with the options, shape and selection, and has it analysed.
using Pilot =
    std::function<Result<document::Document>(const TraceOptions&, const Shape&, const Selection&)>;

// `options`: rows, seed, format and threads as they will be. Errors: the pilot's; kInterrupted.
Result<Fitted> Fit(const document::Document& wanted, const TraceOptions& options,
                   const Pilot& pilot, const std::function<bool()>& stop = {});

}  // namespace plumbago::generate
