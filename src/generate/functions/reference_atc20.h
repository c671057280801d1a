// The published shape of Azure Functions: Shahrad et al., "Serverless in the Wild: Characterizing
// and Optimizing the Serverless Workload at a Large Cloud Provider", USENIX ATC 2020, and the trace
// released with it (AzureFunctionsDataset2019, CC-BY 4.0). Small numbers derived from both; each
// table says from what. reference_atc20_test.cc holds them against the data.
#pragma once

#include <cstdint>
#include <span>

namespace plumbago::generate::functions {

// A point of a distribution function: P(X <= x) = at.
struct CdfPoint {
  double x = 0;
  double at = 0;
};

// Triggers as bits of a set; the order is model::Trigger's, without "unknown".
inline constexpr uint8_t kHttpBit = 1, kQueueBit = 2, kEventBit = 4, kOrchestrationBit = 8,
                         kTimerBit = 16, kStorageBit = 32, kOthersBit = 64;

// A set of triggers, and the share of applications that have exactly these.
struct TriggerSet {
  uint8_t triggers = 0;
  double share = 0;
};

inline constexpr uint32_t kReleaseApps = 24'274;
inline constexpr uint32_t kReleaseFunctions = 72'359;
inline constexpr uint32_t kReleaseInvocationRows = 618'545;
inline constexpr uint64_t kReleaseInvocations = 12'495'810'846;
inline constexpr uint32_t kReleaseOwners = 14'681;
inline constexpr uint32_t kReleaseDays = 14;
inline constexpr int32_t kReleaseDay0 = 18'092;  // days from 1970-01-01 to 2019-07-15, a Monday

// Invocations a day of an application (its total over 14 days / 14), over applications. Above 1: of
// ServerlessBench's invokesCDF (its x = 1 + the whole part of the average), knots by hand-sized
// tolerance, the last 30 applications one by one. Below 1: Figure 5a, digitised.
std::span<const CdfPoint> InvocationsADay();
// Functions of an application, over applications: Figure 1, digitised, up to the release's 302.
std::span<const CdfPoint> FunctionsPerApp();
// The same, each application weighted by its invocations.
std::span<const CdfPoint> FunctionsByInvocations();
// Figure 3b of the release; what it does not list is filled up so that Figure 3a comes out.
std::span<const TriggerSet> TriggerSets();
// By model::Trigger - 1: % of functions, % of invocations (Figure 2, release).
std::span<const double> TriggerFunctionShares();
std::span<const double> TriggerInvocationShares();
// Coefficient of variation of inter-arrival times of applications without timers (Figure 6, middle
// of both curves).
std::span<const CdfPoint> VariationWithoutTimers();
// Invocations by hour of day over the release, mean 1.
std::span<const double> HourProfile();
// By weekday, Monday first, mean 1: Figure 4, the release's first week.
std::span<const double> WeekdayProfile();

// Figure 7: log-normal fit of a function's average execution time, seconds.
inline constexpr double kDurationLogMean = -0.38, kDurationLogSigma = 2.36;
// Figure 8: Burr XII fit of an application's average allocated memory, MB.
inline constexpr double kMemoryC = 11.652, kMemoryK = 0.221, kMemoryLambda = 107.083;

}  // namespace plumbago::generate::functions
