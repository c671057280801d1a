// The hybrid histogram policy of "Serverless in the Wild" (Shahrad et al., ATC'20, section 4), by
// application: a histogram of idle times in minutes says when the next invocation is likely; until
// then the application is unloaded, and loaded again before.
//
// After each execution, with the idle times seen so far:
//   - none within the range, more than half beyond it, or the coefficient of variation of the bins'
//     counts below `least_cv`: standard, loaded for the whole range
//   - else unloaded at once until (1 - margin) head, loaded until (1 + margin) tail; head and tail
//     are the `low` and `high` percentile, rounded to bins outwards; head in the first bin: no
//     unloading
// What the paper leaves open is taken as the reference implementation of facts has it: the share
// beyond the range is 0.5, updated before it decides, the deviation is the population's.
#pragma once

#include "serverless/policy.h"

namespace plumbago::serverless {

class Hybrid final : public PolicyByApp {
 public:
  struct Options {
    uint32_t range = 240;         // minutes, one bin each
    uint32_t low = 5, high = 99;  // percentiles
    uint32_t margin = 10;         // percent
    uint32_t least_cv = 2;
    bool prewarm = true;
  };
  Hybrid(std::string name, const Options& options)
      : PolicyByApp(std::move(name)), options_(options) {}
  const char* source() const override { return "Shahrad et al., ATC'20, section 4"; }
  Outcome ReplayApp(const AppArrivals& app) const override;

 private:
  const Options options_;
};

}  // namespace plumbago::serverless
