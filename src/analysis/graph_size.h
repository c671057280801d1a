// How many services and calls a request needs, and how heavy the tail is. (SoCC'21 section 4.1,
// figure 3(a))
//
// Size of a trace: its distinct microservices, as the authors confirmed (clusterdata issue 148):
// callers count as well as callees, databases and caches too, the user and unknown names do not.
// Calls: logical calls, the rows of both sides joined.
//
// How heavy the tail is: heavy_tail.h. Which family describes the sizes is told by interval
// likelihood (statistics/distribution_fit.h, T8): log-normal or Burr XII, which the paper fitted.
//
// A graph that stands for several traces (weight) counts as often, rounded to whole numbers, at
// least once.
//
// State: two histograms and 64-bucket ratios, some 10 kB. Observe: about 5 ns a trace. Conclude:
// 50-100 ms for the fits.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "statistics/count_histogram.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct GraphSize {
  static const Description kDescription;

  static constexpr uint64_t kLarge = 40;  // the published border: "more than 40"
  static constexpr double kLargePublished = 0.10;
  static constexpr uint64_t kTailMeans = 5;  // the tail: above so many times the mean
  static constexpr size_t kClasses = 12;     // of sizes, in the table

  struct State {
    statistics::CountHistogram services;              // of traces
    statistics::CountHistogram calls;                 // of traces
    std::array<uint64_t, kClasses> calls_of_class{};  // by the class of their trace
    statistics::BucketedRatio services_mean;          // services, traces
    statistics::BucketedRatio calls_mean;             // calls, traces

    static constexpr auto Fields() {
      return std::tuple(Field{"services", &State::services}, Field{"calls", &State::calls},
                        Field{"calls_of_class", &State::calls_of_class},
                        Field{"services_mean", &State::services_mean},
                        Field{"calls_mean", &State::calls_mean});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
