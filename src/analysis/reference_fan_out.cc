#include "analysis/reference_fan_out.h"

namespace plumbago::analysis {
namespace {

// Sum over the depths of: nodes that are not stateful, times the share that calls further, times
// the share of those with so many children. reference_fan_out_test.cc (in the room engine, which
// reads files) computes it again.
constexpr document::Point kChildren[] = {{1, 0.5553}, {2, 0.2829},  {3, 0.1825}, {4, 0.1234},
                                         {5, 0.0937}, {6, 0.0796},  {7, 0.0684}, {8, 0.0595},
                                         {9, 0.0524}, {10, 0.0453}, {11, 0.0393}};

}  // namespace

std::span<const document::Point> ErmsChildren() { return kChildren; }

}  // namespace plumbago::analysis
