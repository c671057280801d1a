// Whether what most run, a window of ten minutes, can be had for less.
#pragma once

#include <span>
#include <string>

#include "document/document.h"
#include "serverless/summary.h"

namespace plumbago::serverless {

struct Setting {
  const std::string* name;
  const Summary* summary;
};

// Of the settings with at most as many cold starts as `usual`, the one with the least idle time.
document::Finding UsualIsBeaten(std::span<const Setting> settings, const Summary& usual);

}  // namespace plumbago::serverless
