// The formats of functions: what `plumbago functions` reads. They hold no calls, so they are not
// among Formats().
#pragma once

#include <span>
#include <string_view>

#include "formats/format.h"

namespace plumbago::formats {

// All of them, in the order in which they are tried.
std::span<const Format* const> FunctionFormats();
// By name; the error lists what is known, with the nearest name first.
Result<const Format*> FindFunctionFormat(std::string_view name);

}  // namespace plumbago::formats
