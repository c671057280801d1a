// Where services stand in all call graphs of Alibaba's 2022 traces (14 days, 67,760 services):
// Winchester et al., "Complexity at Scale", arXiv 2504.13141.
#pragma once

namespace plumbago::analysis {

inline constexpr const char* kRolesSource = "Winchester et al., arXiv 2504.13141";

// Of the services that stand in one of the roles: 8,591, 30,959 and 25,201.
inline constexpr double kEntryServices = 8591.0 / (8591 + 30959 + 25201);
inline constexpr double kMiddleServices = 30959.0 / (8591 + 30959 + 25201);
inline constexpr double kLeafServices = 25201.0 / (8591 + 30959 + 25201);

}  // namespace plumbago::analysis
