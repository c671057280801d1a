// Applications of one owner whose bursts of invocations begin together more often than their hours
// explain. Bursts and not minutes: minutes of a burst are no trials of their own.
#pragma once

#include "serverless/figures/figures.h"

namespace plumbago::serverless {

struct TogetherPair {
  uint32_t a = 0, b = 0;  // applications, a < b
  uint64_t together = 0;  // bursts of the rarer that begin within two minutes of one of the other
  double expected = 0;    // by their rates in each hour
  double p = 1;           // adjusted (Benjamini, Hochberg)

  double lift() const { return expected > 0 ? static_cast<double>(together) / expected : 0; }
};
struct TogetherCounts {
  std::vector<TogetherPair> pairs;  // that count at 1 %, the strongest first
  uint64_t tested = 0;
  uint64_t owners_cut = 0;  // with more applications than are looked at
  uint64_t owners = 0;      // with two applications or more
};
TogetherCounts FindTogether(const Workload& load, unsigned threads);

// P(X >= hits) of a Poisson distribution.
double PoissonTail(uint64_t hits, double mean);

bool Together(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
