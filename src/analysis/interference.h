// Does a busy host slow calls down? Response time against CPU and memory of the host, compared only
// with itself: within one instance, one operation and one hour. (SoCC'21, row 14 of facts;
// statistics.md T1 is the rule: pooled over instances, the data at hand say the opposite of what
// they say within.)
//
//   unit        an instance in an interval; the interval is the samples' own (instance_load.h)
//   outcome     own time of calls (without their callees'; graph::TraceCall::self_ns), mean over
//               the calls of an operation in the unit, weighted by calls. Beside it, from rate
//               tables: response times of instances that make no calls themselves (each interval
//               alike); of all instances for comparison only, as they hold the callees' time
//   predictor   CPU and memory of the host, and the instance's own
//   adjusted    for the instance's call rate and, where the predictor is the host's, for its own
//               CPU: what share of the host's that is, is not told, so it is fitted
//   effect      relative change of the outcome for 10 points (0.1) of utilisation, and for one
//               standard deviation of the predictor within (instance, operation, hour)
//   interval    95 %, jackknife over hosts (over instances, where hosts have no names)
//   not tested  a predictor that varies by less than one point within a group (T1): no statement,
//               which is not the same as no effect
//
// Joined when it concludes, in one pass over the sorted tables; memory: what one instance has, 24
// bytes an interval of a host (in several passes beyond 200 MB), 100 bytes a host.
//
// State: 28 bytes a sample (load_cells.h) and 28 bytes an instance, operation and slot of 5 s.
// Observe: one comparison a trace if there are no samples (1.3 ns); else 300 to 400 ns a sample,
// and a call that names its instance (graphs of 2021 name none), where it makes a new record and
// the table is beyond the cache. Conclude: 1.3 s for 1.3 million cells and 2 million records of
// calls.
#pragma once

#include <cstdint>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/load_cells.h"
#include "statistics/keyed_table.h"

namespace plumbago::analysis {

struct Interference {
  static const Description kDescription;

  struct State {
    uint64_t samples = 0;  // of utilisation
    bool normalised = false;
    LoadCells cells;
    statistics::KeyedTable<ServedCalls> served;
    statistics::KeyedTable<CallsMade> made;

    static constexpr auto Fields() {
      return std::tuple(Field{"samples", &State::samples}, Field{"normalised", &State::normalised},
                        Field{"cells", &State::cells}, Field{"served", &State::served},
                        Field{"made", &State::made});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static void Observe(State& state, const model::Sample& sample, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
