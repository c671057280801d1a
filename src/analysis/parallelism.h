// Do callers call in parallel? (statistics.md T2; SoCC'21 "parallel dependency")
//
// Siblings are the calls that one call made. Two synchronous siblings of one caller overlap where
// their intervals do, as the caller's own clock saw them: client-side rows only where rows say
// which side wrote them, and rows of one host only where hosts are known. A pair that touches or
// lies within one tick of the clock is undecided (overlap_counts.h), so every share has two bounds.
// "Share of pairs" and "share of callers" answer different questions and may disagree: both are
// given, and each finding says which it is about.
//
// Pairs that a source has judged by itself (model/sibling_pair.h) count beside those of traces,
// each with its one verdict: for them there is nothing undecided.
//
// State: counts and 64-bucket ratios, 20 kB, whatever the input; 32 bytes a caller of judged pairs.
// Observe: 10 ns a call.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/judged_caller.h"
#include "analysis/overlap_counts.h"
#include "statistics/keyed_table.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct Parallelism {
  static const Description kDescription;

  // Below this share one speaks of "seldom": one in five. (The published 15.5 % of pairs is called
  // rare.)
  static constexpr double kSeldom = 0.20;

  enum Group : uint8_t {
    kSynchronous,  // all that is waited for
    kMessages,     // asynchronous: apart
    kTimedRpc,     // rpc with a time above 0: the published figure's rows
  };
  static constexpr size_t kGroups = 3;

  struct Counts {
    uint64_t callers = 0;         // with at least one pair
    uint64_t callers_surely = 0;  // at least one pair overlaps
    uint64_t callers_written = 0;
    uint64_t callers_possibly = 0;
    uint64_t pairs = 0, pairs_surely = 0, pairs_written = 0, pairs_possibly = 0;
    uint64_t busy_us = 0, covered_us = 0;  // sums of microseconds, rounded once a caller

    void Add(const Counts& other);
    static constexpr auto Fields() {
      return std::tuple(
          Field{"callers", &Counts::callers}, Field{"callers_surely", &Counts::callers_surely},
          Field{"callers_written", &Counts::callers_written},
          Field{"callers_possibly", &Counts::callers_possibly}, Field{"pairs", &Counts::pairs},
          Field{"pairs_surely", &Counts::pairs_surely},
          Field{"pairs_written", &Counts::pairs_written},
          Field{"pairs_possibly", &Counts::pairs_possibly}, Field{"busy_us", &Counts::busy_us},
          Field{"covered_us", &Counts::covered_us});
    }
  };
  // Of synchronous siblings, by the number of comparable ones: 2, 3, 4, 5-8, 9-16, 17-32, more.
  static constexpr size_t kWidths = 7;

  struct State {
    std::array<Counts, kGroups> groups;
    std::array<Counts, kWidths> widths;
    statistics::BucketedRatio pairs_surely, pairs_possibly, callers_surely, callers_possibly,
        effective;
    uint64_t traces = 0;          // with at least one pair of synchronous siblings
    uint64_t siblings = 0;        // calls that have siblings
    uint64_t without_time = 0;    // of them: no time
    uint64_t without_client = 0;  // of them: only the callee's host saw them, another clock
    uint64_t ready_made = 0;      // traces that ready-made graphs stand for: they tell no times
    statistics::KeyedTable<JudgedCaller> judged;

    static constexpr auto Fields() {
      return std::tuple(Field{"groups", &State::groups}, Field{"widths", &State::widths},
                        Field{"pairs_surely", &State::pairs_surely},
                        Field{"pairs_possibly", &State::pairs_possibly},
                        Field{"callers_surely", &State::callers_surely},
                        Field{"callers_possibly", &State::callers_possibly},
                        Field{"effective", &State::effective}, Field{"traces", &State::traces},
                        Field{"siblings", &State::siblings},
                        Field{"without_time", &State::without_time},
                        Field{"without_client", &State::without_client},
                        Field{"ready_made", &State::ready_made}, Field{"judged", &State::judged});
    }

    // Working memory.
    struct Siblings {  // of one caller and one group
      std::vector<TimeSpan> spans;
      std::vector<uint32_t> hosts;
      bool hosts_differ = false;
    };
    struct OnHost {
      uint32_t host;
      TimeSpan span;
    };
    std::array<Siblings, kGroups> siblings_of;
    std::vector<OnHost> by_host;
    OverlapCounter counter;
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static void Observe(State& state, const model::SiblingPair& pair, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
