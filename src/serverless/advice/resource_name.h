// Names of Kubernetes objects for applications that may be called anything.
//
// A name is a DNS-1035 label of at most 50 characters: both a Knative Service (a host name is made
// of it) and a ScaledObject (a label value and the HPA's name are) take it, with room for what they
// append. An application whose name is one keeps it; others get the nearest one and a hash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serverless/workload.h"

namespace plumbago::serverless {

inline constexpr size_t kLongestName = 50;

// a-z, 0-9, '-'; begins with a letter, ends with no '-'; 1 to kLongestName.
bool IsResourceName(std::string_view name);
// In order of `apps`, all distinct; the same whatever the other applications are, unless two share
// a name (of different owners): those get a hash of both.
std::vector<std::string> ResourceNames(const std::vector<AppLoad>& apps);

}  // namespace plumbago::serverless
