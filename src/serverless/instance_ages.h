// Ours (learned_ages.h) where executions take time and may overlap: each idle instance is judged
// minute by minute of its own idle age, by what all places of its application have done
// (instance_replay.h says what a place is, and which one an invocation takes).
//
// A minute of idleness counts as passed when it is judged, at its beginning, and as a hit when the
// place is taken in it; the clock is that of its end, so that a round time lies in it. A place that
// has been idle for six hours while another of the application became idle later is given up: it
// is not loaded again until it is taken.
//
// What is learnt follows what is taken, and with it lambda; so lambdas are replayed one by one.
#pragma once

#include <vector>

#include "serverless/policy.h"

namespace plumbago::serverless {

// Of each application, all of them timed.
std::vector<Outcome> LearnAgesOfInstances(const std::vector<AppArrivals>& apps, double lambda,
                                          unsigned threads);

}  // namespace plumbago::serverless
