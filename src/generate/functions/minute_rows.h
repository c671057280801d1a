// Rows of the table of invocations by minute, as text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "generate/functions/app_counts.h"

namespace plumbago::generate::functions {

// "HashOwner,HashApp,HashFunction,Trigger,1,...,1440\n".
std::string MinuteHeader();

// Appends the row of one day: `names` with a comma at its end ("owner,app,function,trigger,"),
// `counts` those of the day, by minute.
void AppendMinuteRow(std::string_view names, std::span<const MinuteCount> counts,
                     std::string& text);

}  // namespace plumbago::generate::functions
