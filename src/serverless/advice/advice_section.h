// Advice as sections of a report.
#pragma once

#include "document/document.h"
#include "serverless/advice/advice.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// "advice-knative", "advice-keda": totals, services with what changes and what it saves, what the
// platform's limits cost, and services whose setting stays.
document::Section AdviceSection(const PlatformAdvice& advice, const Advice& all,
                                const Workload& load);

// By what rules the numbers came about, a sentence each.
std::string AdviceRules(const Advice& advice, const Platform& platform, const Workload& load);

}  // namespace plumbago::serverless
