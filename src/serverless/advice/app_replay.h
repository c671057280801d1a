// One application, and what settings cost it on the part of the data that chooses and on the rest.
//
// Costs on the rest are those of the whole less those of the beginning: a setting that begins the
// rest with an instance up has it up, and no first request of the rest is cold for being the first.
// Right for settings, which look at nothing but what has passed.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "serverless/advice/setting.h"
#include "serverless/outcome.h"
#include "serverless/policy.h"

namespace plumbago::serverless {

// Where the data are cut, minutes since minute 0.
struct DataParts {
  uint32_t begin = 0, split = 0, end = 0;  // chosen on [begin, split), judged on [split, end)

  double training_days() const { return (split - begin) / 1440.0; }
  double rest_days() const { return (end - split) / 1440.0; }
};

class AppReplay {
 public:
  // `app` outlives it. `slots`: requests that an instance serves at once.
  AppReplay(const AppArrivals& app, const DataParts& parts, uint32_t slots);

  bool has_executions() const { return !app_.executions.empty(); }
  const model::MinuteSeries& training() const { return training_; }
  // Times of a minute or more in which nothing was asked for, ended by a request.
  uint64_t idle_times_in_training() const { return idle_in_training_; }
  uint64_t idle_times_in_rest() const { return idle_in_rest_; }

  // One pass for all lifetimes, where there are no executions.
  void TryAll(std::span<const uint32_t> keeps);
  Outcome OnTraining(const Setting& setting) { return Until(setting, true); }
  Outcome OnRest(const Setting& setting);
  // `blocks` stretches of the rest of equal length, in order.
  std::vector<Outcome> OnBlocksOfRest(const Setting& setting, uint32_t blocks);

 private:
  struct Known {
    Setting setting;
    bool training;
    Outcome outcome;
  };
  Outcome Until(Setting setting, bool training);
  Outcome Replay(const Setting& setting, const model::MinuteSeries& minutes, uint32_t end) const;

  const AppArrivals& app_;
  const DataParts parts_;
  const uint32_t slots_;
  model::MinuteSeries training_;
  uint64_t idle_in_training_ = 0, idle_in_rest_ = 0;
  std::vector<Known> known_;
  std::vector<model::MinuteSeries> until_block_;  // what comes before the end of each block
};

}  // namespace plumbago::serverless
