// How busy the system was: calls over time, utilisation of instances and hosts, and whether an
// instance that is called more uses more CPU and memory. (SoCC'21, row 13 of facts: call rate
// against resources)
//
//   call rate     calls a second that an instance serves, all flows together: by rate tables; where
//                 there are none, calls of traces that name the instance
//   utilisation   of an instance: share of its limit; of a host: share of all it has. In the 2022
//                 release scaled by its least and largest value: no absolute numbers
//   correlation   of an instance's call rate with its utilisation over its intervals; each
//                 instance by itself, then the mean, weighted by intervals less one. Beside it the
//                 pooled figure, which also holds what makes instances differ (T1)
//
// The interval is the samples' own (instance_load.h).
//
// State: 28 bytes a sample (load_cells.h), at most 32 kB for calls over time, 28 bytes an instance
// and slot of 5 s where calls name their instances and there are samples. Observe: 5 ns a trace;
// a sample, or a call that names its instance, 300 to 400 ns where it makes a new cell and the
// table is beyond the cache (1.3 million cells).
#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/load_cells.h"
#include "analysis/time_counts.h"
#include "statistics/keyed_table.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {

struct Load {
  static const Description kDescription;
  static constexpr size_t kUtilisations = 4;      // the first of model::Measure
  static constexpr uint64_t kLeastIntervals = 8;  // of an instance, for a correlation of its own

  struct State {
    uint64_t samples = 0;
    uint64_t calls = 0;       // with a time
    bool normalised = false;  // some utilisations or rates
    bool rates = false;       // there are rate tables
    TimeCounts calls_by_time;
    std::array<statistics::QuantileSketch, kUtilisations> utilisation;  // in parts per million
    LoadCells cells;
    statistics::KeyedTable<ServedCalls> served;  // no operation

    static constexpr auto Fields() {
      return std::tuple(Field{"samples", &State::samples}, Field{"calls", &State::calls},
                        Field{"normalised", &State::normalised}, Field{"rates", &State::rates},
                        Field{"calls_by_time", &State::calls_by_time},
                        Field{"utilisation", &State::utilisation}, Field{"cells", &State::cells},
                        Field{"served", &State::served});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static void Observe(State& state, const model::Sample& sample, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
