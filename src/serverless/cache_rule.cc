#include "serverless/cache_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace plumbago::serverless {
namespace {

// Of those above 0.
struct Known {
  std::vector<double> values = {};
  void Add(double value) {
    if (value > 0) values.push_back(value);
  }
  std::optional<double> Median() {
    if (values.empty()) return std::nullopt;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  }
};

}  // namespace

std::vector<CachedApp> CachedApps(std::span<const AppArrivals> apps) {
  Known memory, cost;
  for (const AppArrivals& app : apps) {
    memory.Add(app.memory_mb);
    cost.Add(app.cold_cost_seconds);
  }
  const double usual_memory = memory.Median().value_or(kUsualMegabytes);
  const double usual_cost = cost.Median().value_or(1);
  std::vector<CachedApp> cached;
  cached.reserve(apps.size());
  for (const AppArrivals& app : apps) {
    const double mb = app.memory_mb > 0 ? app.memory_mb : usual_memory;
    const double seconds = app.cold_cost_seconds > 0 ? app.cold_cost_seconds : usual_cost;
    const auto bytes = static_cast<int64_t>(std::llround(mb * 1024 * 1024));
    cached.push_back({bytes * static_cast<int64_t>(app.weight), mb, seconds / mb});
  }
  return cached;
}

std::string CacheRuleText(std::span<const AppArrivals> apps) {
  Known memory, cost;
  for (const AppArrivals& app : apps) {
    memory.Add(app.memory_mb);
    cost.Add(app.cold_cost_seconds);
  }
  const size_t known_memory = memory.values.size(), known_cost = cost.values.size();
  std::string text = "one server, where instances stay until memory is short; ";
  if (known_memory == 0) {
    text += fmt::format(
        "no application's memory is known: each instance is taken for {} MB (half of the "
        "applications of ATC'20, fig. 8, need no more)",
        kUsualMegabytes);
  } else if (known_memory < apps.size()) {
    text += fmt::format("memory is known of {} of {} applications, of others it is their median",
                        known_memory, apps.size());
  } else {
    text += "an instance has its application's memory";
  }
  text += "; cost of a cold start: ";
  if (known_cost == 0) {
    text += "not known, alike for all";
  } else {
    text += "what the log says, else the longest execution minus the average (FaasCache)";
    if (known_cost < apps.size())
      text += fmt::format(", known of {} of {} applications, of others their median", known_cost,
                          apps.size());
  }
  if (std::any_of(apps.begin(), apps.end(), [](const AppArrivals& app) { return app.weight > 1; }))
    text += "; an application that stands for others is loaded and evicted with them";
  return text;
}

}  // namespace plumbago::serverless
