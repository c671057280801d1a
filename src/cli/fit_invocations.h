// A user's log of functions as a shape to generate from.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "generate/functions/shape_fit.h"

namespace plumbago::cli {

// Reads files and folders in every format of functions. Errors: those of reading; being interrupted
// is one, too: half a log is another workload.
Result<generate::functions::FittedShape> FitInvocations(const std::vector<std::string>& inputs,
                                                        unsigned threads);

}  // namespace plumbago::cli
