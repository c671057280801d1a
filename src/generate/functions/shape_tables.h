// What goes with what in a shape: how many functions applications have by how often they are
// invoked, and which sets of triggers by both, so that the shape's own distributions of each come
// out.
#pragma once

#include <cstddef>
#include <cstdint>

#include "generate/functions/share_table.h"
#include "generate/functions/workload_shape.h"

namespace plumbago::generate::functions {

// Applications by rank of their rate are cut in so many strata of equal size.
inline constexpr uint32_t kStrata = 64;

// Rows: strata. Columns: functions - 1. No application has more functions than invocations.
ShareTable FunctionsByRate(const WorkloadShape& shape, uint32_t span_days);

// Rows: CellOf. Columns: shape.trigger_sets. No application has more triggers than functions.
ShareTable SetsByCell(const WorkloadShape& shape, const ShareTable& functions_by_rate);
size_t CellOf(uint32_t functions, double a_day);

}  // namespace plumbago::generate::functions
