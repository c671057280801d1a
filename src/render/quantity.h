// Numbers for people: three significant digits, or all digits of a whole number, and a unit.
//
//   kCount        1,234            2.56              kNanoseconds  4.83 ms   132 µs   2.08 min
//   kShare        12.3 %           99.97 %           kBytes        10.5 kB (powers of 1000)
//   kPerSecond    132 k/s          1.20/s            kRatio        1.23×
//
// A share is never rounded to 0 % or 100 % when it is neither. Nothing and NaN are "cannot say".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "document/document.h"

namespace plumbago::render {

inline constexpr const char* kCannotSay = "cannot say";

std::string Count(uint64_t count);  // 1,234
std::string Quantity(double value, document::Unit unit);
std::string Quantity(std::optional<double> value, document::Unit unit);
std::string Quantity(const document::Cell& cell, document::Unit unit);  // text is made printable
std::string Change(double change);  // -0.3: "−30.0 %"; 2.5: "+250 %"
std::string Range(std::optional<double> low, std::optional<double> high, document::Unit unit);

// The value of a cell as a number, where it is one.
std::optional<double> Number(const document::Cell& cell);

}  // namespace plumbago::render
