// A share within a sentence.
#pragma once

#include <string>

namespace plumbago::analysis {

// "12.3 %"; what lies nearer to none or all than that keeps two digits of the difference
// ("0.0036 %", "99.962 %"), as what is rare is not never. "0 %" and "100 %" are exact.
std::string PercentText(double share);

}  // namespace plumbago::analysis
