// The part of `convert` that answers exactly as CASPER does.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "engine/convert.h"

namespace plumbago::cli {

// `repair` begins with "casper-exact". Errors: an unknown mode, more than one input, --repair-log.
Result<int> ConvertLikeCasper(const Arguments& arguments, const engine::ConvertOptions& options,
                              const std::string& repair, const std::string& output);

}  // namespace plumbago::cli
