// Finding "heavy-tail": are a few requests far larger than the rest? (SoCC'21 section 4.1, figure
// 3(a))
//
// The tail is held against the distribution that has none: with an exponential tail of the same
// mean e^-5 = 0.67 % of the traces would have more than 5 times the mean. Supported if Wilson's
// interval of the share lies above that, contradicted if below.
#pragma once

#include <cstdint>
#include <string>

#include "document/document.h"
#include "statistics/count_histogram.h"

namespace plumbago::analysis {

// Of the numbers of services of the traces; family: which distribution is nearer to them, in words.
document::Finding HeavyTail(const statistics::CountHistogram& services, const std::string& family);

}  // namespace plumbago::analysis
