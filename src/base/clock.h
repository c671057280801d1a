// Time and memory of this process.
#pragma once

#include <cstdint>

namespace plumbago {

// Seconds since some fixed moment; never goes back.
double MonotonicSeconds();
// The most memory that the process has had resident.
uint64_t PeakResidentBytes();
// Forgets the peak so far, where the system allows it (Linux does): for measuring a part. False: it
// does not.
bool ResetPeakResident();

}  // namespace plumbago
