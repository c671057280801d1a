// Ours: an idle application is loaded in its next minute iff an invocation in it is likely enough:
// iff hazard > one minute / lambda, where a cold start is worth lambda seconds of idle loaded time
// (statistics.md T13, B2: exact for static sets when reloads are free).
//
// The hazard at an age is that of the application's own gaps, shrunk towards what all applications
// of its kind did so far (hazard_prior.h): (hits + k prior) / (minutes + k). Nothing is trained and
// nobody sees the future: what holds in a slice of time was learnt in the slices before, and of the
// application itself up to the minute. Slices are a minute at first and a sixteenth of what has
// passed later, six hours at most.
//
// So the set of ages follows timers (the same age again, a round time of the clock), bursts, and
// applications that come back later than any window of percentiles would say.
#pragma once

#include "serverless/policy.h"

namespace plumbago::serverless {

class LearnedAges final : public Policy {
 public:
  LearnedAges(std::string name, double lambda) : Policy(std::move(name)), lambda_(lambda) {}
  const char* source() const override {
    return "Plumbago; hazard rule of statistics.md T13, empirical Bayes over applications";
  }
  double lambda() const override { return lambda_; }
  std::vector<Outcome> Replay(const std::vector<AppArrivals>& apps,
                              unsigned threads) const override;
  // One for each of `lambdas` (64 at most) in one pass over the data: what is learnt is the same
  // for all. Outcomes as [lambda][application].
  static std::vector<std::vector<Outcome>> ReplayEach(const std::vector<AppArrivals>& apps,
                                                      std::span<const double> lambdas,
                                                      unsigned threads);

 private:
  const double lambda_;  // seconds
};

}  // namespace plumbago::serverless
