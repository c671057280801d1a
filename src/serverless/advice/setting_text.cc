#include "serverless/advice/setting_text.h"

#include <fmt/format.h>

#include "serverless/advice/manifest.h"

namespace plumbago::serverless {

std::string TextOf(const Setting& setting, const Platform& platform) {
  if (platform.kind == PlatformKind::kKnative) {
    if (setting.always_on > 0) return fmt::format("min-scale {}", setting.always_on);
    const KnativeKeep told = KnativeKeepOf(setting.keep, setting.others);
    if (told.retention == 0 && told.delay > 0)
      return fmt::format("delay {}", GoDuration(told.delay));
    if (told.retention == 0) return "retention 0s (default)";
    return fmt::format("retention {}{}", GoDuration(told.retention),
                       told.delay > 0 ? ", delay " + GoDuration(told.delay) : "");
  }
  if (setting.always_on > 0) return fmt::format("minReplicas {}", setting.always_on);
  std::string cooldown = fmt::format("cooldown {}{}", GoDuration(KedaCooldownOf(setting.keep)),
                                     setting.keep == platform.default_keep ? " (default)" : "");
  if (setting.schedule.empty()) return cooldown;
  return fmt::format("cron {}, {}", TextOf(setting.schedule), cooldown);
}

std::string TextOf(const Setting& setting) {
  if (setting.always_on > 0) return fmt::format("{} always on", setting.always_on);
  const std::string keep = fmt::format("keep {}", GoDuration(setting.keep));
  return setting.schedule.empty() ? keep : fmt::format("{}, {}", TextOf(setting.schedule), keep);
}

}  // namespace plumbago::serverless
