// Small logs of executions that overlap, at whole seconds; and counts by minute as executions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "model/minute_series.h"
#include "serverless/execution_source.h"
#include "serverless/policy.h"

namespace plumbago::serverless::testing {

struct Logs {
  std::vector<std::vector<AppExecution>> executions;
  std::vector<model::MinuteSeries> minutes;
  std::vector<AppArrivals> apps;
};

inline void Arrive(Logs& logs, double end) {
  for (const auto& executions : logs.executions) {
    std::map<uint32_t, uint64_t> minutes;
    for (const AppExecution& one : executions)
      ++minutes[static_cast<uint32_t>(one.start_us / kMinuteUs)];
    model::MinuteSeries& series = logs.minutes.emplace_back();
    for (const auto& [minute, count] : minutes) series.Append(minute, count);
  }
  for (size_t i = 0; i < logs.executions.size(); ++i) {
    AppArrivals& app = logs.apps.emplace_back();
    app.minutes = &logs.minutes[i];
    app.end = end;
    app.executions = logs.executions[i];
    app.cold_us = KnownColdUs(app.executions);
    app.memory_mb = i % 3 == 0 ? 0 : 32.0 + 37.0 * static_cast<double>(i % 11);
  }
}

// Timers, bursts and strays; executions of nothing to seven minutes; of a third of the applications
// starts take 3 s or so.
inline Logs RandomLogs(uint32_t seed, uint32_t hours, size_t count) {
  std::mt19937 engine(seed);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(engine()) % n; };
  Logs logs;
  for (size_t a = 0; a < count; ++a) {
    std::vector<AppExecution> executions;
    const uint32_t kind = below(4), period = 30 + below(kind == 0 ? 300 : 6000);
    const uint32_t longest = below(3) == 0 ? 1 : below(2) == 0 ? 20 : 420;
    const bool waits = below(3) == 0;
    for (uint32_t at = below(3600); at < hours * 3600;
         at += kind == 1 ? 1 + below(2 * period) : period) {
      if (below(10) == 0) continue;
      const uint32_t burst = kind < 2 ? 1 : 1 + below(kind == 2 ? 4 : 30);
      for (uint32_t i = 0; i < burst; ++i) {
        AppExecution& one = executions.emplace_back();
        one.start_us = std::min(at + below(kind == 2 ? 3 : 90), hours * 3600 - 1) * kSecondUs;
        one.duration_us = below(longest) * kSecondUs;
        if (waits && below(4) == 0) one.cold_us = (2 + below(3)) * kSecondUs;
      }
    }
    if (executions.empty()) executions.push_back({100 * kSecondUs, kSecondUs, -1, 0});
    std::stable_sort(executions.begin(), executions.end(),
                     [](const auto& x, const auto& y) { return x.start_us < y.start_us; });
    logs.executions.push_back(std::move(executions));
  }
  Arrive(logs, hours * 3600.0);
  return logs;
}

// Executions that take no time, at the times that counts by minute stand for. `most` in a minute:
// their times are whole microseconds where the count divides 60,000,000.
inline Logs LogsOfMinutes(uint32_t seed, uint32_t hours, size_t count, uint32_t most) {
  std::mt19937 engine(seed);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(engine()) % n; };
  Logs logs;
  for (size_t a = 0; a < count; ++a) {
    std::vector<AppExecution>& executions = logs.executions.emplace_back();
    const uint32_t period = 1 + below(90);
    for (uint32_t minute = below(60); minute < hours * 60;
         minute += below(3) == 0 ? 1 + below(2 * period) : period) {
      uint32_t c = 1 + below(most);
      while (kMinuteUs % c != 0) --c;
      for (uint32_t i = 0; i < c; ++i)
        executions.push_back({minute * kMinuteUs + i * (kMinuteUs / c), 0, -1, 0});
    }
    if (executions.empty()) executions.push_back({});
  }
  Arrive(logs, hours * 3600.0);
  return logs;
}

}  // namespace plumbago::serverless::testing
