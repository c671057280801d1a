#include "serverless/start_log_builder.h"

#include <algorithm>
#include <tuple>

#include "base/strong_id.h"

namespace plumbago::serverless {
namespace {

using model::ColdStart;

constexpr int64_t kMinuteUs = 60'000'000;

auto KeyOf(const ColdStart& one) {
  return std::tuple(Index(one.owner), Index(one.app), Index(one.function), one.at_us, one.total_us,
                    one.parts_us, one.memory_mb);
}

bool SameFunction(const ColdStart& a, const ColdStart& b) {
  return a.owner == b.owner && a.app == b.app && a.function == b.function;
}

}  // namespace

void BuildStartLogs(std::vector<FunctionCollector>& collectors, const model::Names& names,
                    Workload& load) {
  std::vector<ColdStart> rows;
  for (FunctionCollector& collector : collectors) {
    rows.insert(rows.end(), collector.cold_starts().begin(), collector.cold_starts().end());
    collector.cold_starts() = {};
  }
  if (rows.empty()) return;
  std::sort(rows.begin(), rows.end(),
            [](const ColdStart& a, const ColdStart& b) { return KeyOf(a) < KeyOf(b); });
  int64_t first_us = rows[0].at_us, last_us = rows[0].at_us;
  for (size_t begin = 0, next = 0; begin < rows.size(); begin = next) {
    StartLog& log = load.start_logs.emplace_back();
    log.owner = names.instances.Text(Index(rows[begin].owner));
    log.app = names.services.Text(Index(rows[begin].app));
    log.function = names.operations.Text(Index(rows[begin].function));
    double memory = 0;
    uint64_t said = 0;
    for (; next < rows.size() && SameFunction(rows[next], rows[begin]); ++next) {
      const ColdStart& one = rows[next];
      log.starts.push_back({one.at_us, one.total_us, one.parts_us});
      if (one.memory_mb > 0) {
        memory += static_cast<double>(one.memory_mb);
        ++said;
      }
      first_us = std::min(first_us, one.at_us);
      last_us = std::max(last_us, one.at_us);
    }
    if (said > 0) log.memory_mb = memory / static_cast<double>(said);
  }
  if (load.end_minute > load.first_minute) return;
  load.first_minute = static_cast<uint32_t>(std::max<int64_t>(first_us, 0) / kMinuteUs);
  load.end_minute = static_cast<uint32_t>(std::max<int64_t>(last_us, 0) / kMinuteUs + 1);
}

}  // namespace plumbago::serverless
