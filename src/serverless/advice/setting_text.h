// Settings for people, in the words of the platform.
#pragma once

#include <string>

#include "serverless/advice/platform.h"
#include "serverless/advice/setting.h"

namespace plumbago::serverless {

// "retention 10m", "min-scale 1", "cooldown 11m", "cron every day 03:58-04:01, cooldown 30s";
// "as it is" where the platform's own default does it.
std::string TextOf(const Setting& setting, const Platform& platform);
// The same where no platform is asked: "keep 3h1m".
std::string TextOf(const Setting& setting);

}  // namespace plumbago::serverless
