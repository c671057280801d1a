// generate traces --fit: from the user's traces to a workload in their shape, and how near it came.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "document/document.h"
#include "generate/fit.h"
#include "generate/trace_options.h"

namespace plumbago::cli {

// The report that a fit aims at. `input`: whatever analyze takes.
Result<document::Document> ReportOf(const std::vector<std::string>& inputs, unsigned threads);

// Pilots are written to an unlinked file in $TMPDIR (at most 1 M rows, some 230 MB).
Result<generate::Fitted> FitWorkload(const document::Document& wanted,
                                     const generate::TraceOptions& options);

// How many headlines came out within 5 %, and each that did not with both values, in lines for
// standard error.
std::string FitReport(const document::Document& wanted, const document::Document& got);

}  // namespace plumbago::cli
