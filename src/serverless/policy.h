// A keep-alive policy: when an application that nobody calls is kept loaded.
//
// A policy is immutable and sees no future: what it does until an invocation follows from what came
// before. Ties (statistics.md T12): an invocation at the very end of a window is warm, one before
// the pre-warm is cold.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/minute_series.h"
#include "serverless/outcome.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// One application as policies see it.
struct AppArrivals {
  const model::MinuteSeries* minutes = nullptr;
  double end = 0;  // seconds since minute 0: the data ends, and closes all windows
  // Of a log, by start; empty: counts by minute are all that is known.
  std::span<const AppExecution> executions = {};
  double memory_mb = 0;  // of an instance; 0: not known
  int64_t cold_us = 0;   // what a start takes, of a log; 0: not said
  // Its functions, where executions of counts by minute take their function's average of the day;
  // null: they take no time.
  const std::vector<FunctionLoad>* averages = nullptr;
  double cold_cost_seconds = 0;  // cold minus warm time; 0: not known
  uint64_t weight = 1;           // of how many it stands

  // Its executions take time (execution_source.h).
  bool timed() const { return !executions.empty() || averages != nullptr; }
};

class Policy {
 public:
  virtual ~Policy() = default;
  // As it was given: "hybrid:4h:no-arima".
  const std::string& name() const { return name_; }
  // Who proposed it, and where.
  virtual const char* source() const = 0;
  // Seconds of idle loaded time that a cold start is worth to it; 0: it has no price.
  virtual double lambda() const { return 0; }
  // A bound in hindsight: no policy.
  virtual bool sees_future() const { return false; }
  // Applications share a server's memory.
  virtual bool finite_memory() const { return false; }
  // What is worth telling of its replays so far, times of parts of it, too; empty: nothing.
  virtual std::string note() const { return {}; }
  // Of each application, in order. The same for any number of threads.
  virtual std::vector<Outcome> Replay(const std::vector<AppArrivals>& apps,
                                      unsigned threads) const = 0;

 protected:
  explicit Policy(std::string name) : name_(std::move(name)) {}

 private:
  const std::string name_;
};

// One that looks at each application alone.
class PolicyByApp : public Policy {
 public:
  virtual Outcome ReplayApp(const AppArrivals& app) const = 0;
  std::vector<Outcome> Replay(const std::vector<AppArrivals>& apps, unsigned threads) const final;

 protected:
  using Policy::Policy;
};

}  // namespace plumbago::serverless
