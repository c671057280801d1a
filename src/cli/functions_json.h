// What `plumbago functions simulate --json` prints (docs/formats/functions-json.md).
#pragma once

#include <optional>
#include <string>

#include "serverless/simulation.h"
#include "serverless/sweep.h"
#include "serverless/workload_reader.h"

namespace plumbago::cli {

// One object on one line.
std::string SimulationJson(const serverless::ReadWorkload& read,
                           const serverless::Simulation& simulation,
                           const std::optional<serverless::Sweep>& sweep, bool interrupted);

}  // namespace plumbago::cli
