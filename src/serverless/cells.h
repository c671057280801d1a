// Numbers as cells of a report's tables.
#pragma once

#include <cstdint>

#include "document/document.h"

namespace plumbago::serverless {

inline document::Cell CountCell(uint64_t count) { return static_cast<int64_t>(count); }
// Of percent, for columns of shares.
inline document::Cell ShareCell(double percent) { return percent / 100; }

}  // namespace plumbago::serverless
