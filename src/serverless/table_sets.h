// Which tables of an input belong together. Samples of one release have ids in common, or fake
// ones, and mean nothing when they are pooled: an input may hold one set of tables.
#pragma once

#include <vector>

#include "base/result.h"
#include "formats/block_source.h"

namespace plumbago::serverless {

// Error: the files are of more than one set, or one table and day is there twice. It lists the
// sets, what each holds, and how to name one. Files of a set have their name in common but for the
// table's word ("azure2019_invitro500_{invocations,durations,memory}") and their folder; tables
// with a day in their name are one set wherever they lie. Logs are a set of their own.
Result<void> CheckOneSet(const std::vector<formats::FileInfo>& files);

}  // namespace plumbago::serverless
