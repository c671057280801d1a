#include "cli/fit_invocations.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "serverless/workload_reader.h"

namespace plumbago::cli {
namespace {

using generate::functions::FigureMaker;
using generate::functions::kMinutesOfDay;
using generate::functions::kTriggerKinds;
using generate::functions::MinuteCount;
using generate::functions::ShapeFitter;

uint8_t TriggerBit(model::Trigger trigger) {
  return trigger == model::Trigger::kUnknown
             ? kTriggerKinds
             : static_cast<uint8_t>(static_cast<uint8_t>(trigger) - 1);
}

// Mean of a function's days, weighted by executions; below 0: none is known.
double AverageSeconds(const serverless::FunctionLoad& function) {
  double sum = 0, count = 0;
  for (const serverless::DurationDay& day : function.durations) {
    if (day.average_ms <= 0) continue;
    sum += day.average_ms * static_cast<double>(day.count);
    count += static_cast<double>(day.count);
  }
  return count > 0 ? sum / count / 1000 : -1;
}

void AddExecutions(const serverless::AppLoad& app, ShapeFitter& fitter) {
  std::vector<std::pair<double, double>> sums(app.functions.size());
  for (const serverless::AppExecution& execution : app.executions) {
    if (execution.duration_us <= 0 || execution.function >= sums.size()) continue;
    sums[execution.function].first += static_cast<double>(execution.duration_us) / 1e6;
    sums[execution.function].second += 1;
  }
  for (const auto& [seconds, count] : sums) {
    if (count > 0) fitter.AddDuration(seconds / count, app.weight);
  }
}

}  // namespace

Result<generate::functions::FittedShape> FitInvocations(const std::vector<std::string>& inputs,
                                                        unsigned threads) {
  ASSIGN_OR_RETURN(const serverless::ReadWorkload read,
                   serverless::ReadFunctions(inputs, nullptr, threads, true));
  if (read.interrupted) return Fail(ErrorKind::kInterrupted, "--fit: reading was interrupted");
  const serverless::Workload& load = read.load;
  // Whole days: the rate a day is that of the days that are told of.
  const uint32_t first_day = load.first_minute / kMinutesOfDay;
  const uint32_t end_day = (load.end_minute + kMinutesOfDay - 1) / kMinutesOfDay;
  ShapeFitter fitter(std::max(1u, end_day - first_day));
  FigureMaker maker;
  std::vector<MinuteCount> counts;
  std::set<std::string_view> owners;
  for (const serverless::AppLoad& app : load.apps) {
    if (app.minutes.empty()) continue;
    for (const serverless::FunctionLoad& function : app.functions) {
      counts.clear();
      function.minutes.ForEach([&](uint32_t minute, uint64_t count) {
        counts.push_back({minute - first_day * kMinutesOfDay,
                          static_cast<uint32_t>(std::min<uint64_t>(count, UINT32_MAX))});
      });
      maker.Add(TriggerBit(function.trigger), counts);
      if (const double seconds = AverageSeconds(function); seconds > 0) {
        fitter.AddDuration(seconds, app.weight);
      }
    }
    fitter.AddApp(maker.End(), app.weight);
    AddExecutions(app, fitter);
    fitter.AddMemory(app.memory_mb, app.weight);
    owners.insert(app.owner);
  }
  // Without owners in the log each application is its own.
  fitter.SetOwners(owners.size() > 1 ? owners.size() : 0);
  return fitter.Fit();
}

}  // namespace plumbago::cli
