#include "analysis/reference_google_rpc.h"

namespace plumbago::analysis {
namespace {

constexpr document::Point kPopularity[] = {{10, 0.58}, {100, 0.91}};
constexpr document::Point kSlowest[] = {{0.011, 0.89}};

}  // namespace

std::span<const document::Point> GoogleMethodPopularity() { return kPopularity; }
std::span<const document::Point> GoogleSlowestMethods() { return kSlowest; }

}  // namespace plumbago::analysis
