// What `plumbago functions advise --json` prints (docs/formats/functions-json.md).
#pragma once

#include <string>
#include <vector>

#include "serverless/advice/advice.h"
#include "serverless/workload_reader.h"

namespace plumbago::cli {

// One object on one line. `names`: of Kubernetes objects, by application.
std::string AdviceJson(const serverless::ReadWorkload& read, const serverless::Advice& advice,
                       const std::vector<std::string>& names, bool interrupted);

}  // namespace plumbago::cli
