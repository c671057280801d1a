// A workload as a report that has no sections yet: its input, its damage, and how complete it is.
#pragma once

#include <string>

#include "document/document.h"
#include "serverless/workload_reader.h"

namespace plumbago::serverless {

document::Document DocumentOf(const ReadWorkload& read, std::string title);

// "day 3 08:00": a minute since the beginning of day 0, days from 1; with the date where it is
// known ("2019-07-17 08:00").
std::string MinuteText(const Workload& load, uint32_t minute);

}  // namespace plumbago::serverless
