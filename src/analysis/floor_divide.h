// Division that rounds down: a block of time before 0 is as long as any other.
#pragma once

#include <cstdint>

namespace plumbago::analysis {

// `by` > 0.
constexpr int64_t FloorDivide(int64_t value, int64_t by) { return value / by - (value % by < 0); }

}  // namespace plumbago::analysis
