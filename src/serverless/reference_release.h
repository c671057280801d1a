// What the Azure release of 2019 comes to when all of it is read: for whoever loads it, to see
// whether nothing was lost on the way.
//
// Source: the public notebook TamaraTer/Analisi_AzureFunctions_2019, which counted them; the
// release's own pages give none of these, so this is a secondary source. The numbers of files are
// the release's own (Azure/AzurePublicDataset, AzureFunctionsDataset2019.md, revision 2).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace plumbago::serverless::release {

inline constexpr std::array<uint32_t, 3> kFiles = {14, 14, 12};  // of the three tables
inline constexpr uint64_t kInvocationRows = 618'545, kDurationRows = 662'927, kMemoryRows = 206'809;
inline constexpr uint64_t kOwners = 14'681, kApps = 24'274, kFunctions = 72'359;
inline constexpr uint64_t kInvocations = 12'495'810'846;
inline constexpr uint64_t kFunctionsWithoutDurations = 762, kAppsWithoutMemory = 843;
inline constexpr double kFunctionsOfAppMean = 2.98;
inline constexpr uint64_t kFunctionsOfAppP50 = 1, kFunctionsOfAppP95 = 10, kFunctionsOfAppP99 = 24,
                          kFunctionsOfAppMost = 302;

struct TopApp {
  std::string_view hash;  // its first digits
  uint64_t invocations;
};
inline constexpr std::array<TopApp, 3> kTopApps = {
    {{"94409f24", 1'800'297'327}, {"734bb9a0", 1'303'897'114}, {"4b75f253", 908'443'266}}};
inline constexpr TopApp kTopFunction = {"8203ff88", 1'683'728'143};
// The most popular applications that have so much of all invocations, and what the first so many
// have, percent.
inline constexpr uint64_t kAppsOf95Percent = 627, kAppsOf99Percent = 2'278;
inline constexpr double kPercentOfTop20 = 57.59, kPercentOfTop100 = 78.45, kPercentOfTop500 = 93.77;
// Minute of the day with the most and the fewest invocations.
inline constexpr uint32_t kMostMinute = 14 * 60 + 8, kFewestMinute = 4 * 60 + 27;
// Millions of invocations by hour of the day.
inline constexpr std::array<uint32_t, 24> kHours = {487, 478, 478, 476, 475, 493, 507, 524,
                                                    521, 524, 525, 526, 544, 566, 566, 558,
                                                    547, 558, 562, 539, 527, 520, 507, 489};
// AverageAllocatedMb over rows: percentiles 25, 50, 75, 90, 95, 99.
inline constexpr std::array<uint8_t, 6> kMemoryPercents = {25, 50, 75, 90, 95, 99};
inline constexpr std::array<double, 6> kMemoryMb = {120, 143, 188, 210, 242, 408};

}  // namespace plumbago::serverless::release
