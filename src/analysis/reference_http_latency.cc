#include "analysis/reference_http_latency.h"

namespace plumbago::analysis {
namespace {

constexpr document::Point kHttp[] = {{21e6, 0.5}, {442e6, 0.05}, {663e6, 0.01}};

}  // namespace

std::span<const document::Point> AlibabaHttpLatency() { return kHttp; }

}  // namespace plumbago::analysis
