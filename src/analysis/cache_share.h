// How much of a call graph are caches, by its size? (SoCC'21 figure 3(b))
//
// For each trace: the share of its services that are the callee of a cache call in it, and the
// share of its calls that are cache calls. Averaged over the traces of a size class, which are
// powers of two of the number of services (so bins are equally wide on a logarithmic axis). The
// mean of shares weighs each trace alike; the share of calls is of all calls of the class.
//
// A graph that stands for several traces counts as often. One without a tree of calls tells the
// kind of its edges, which is enough.
//
// Exact: shares are kept in steps of 2^-20. Intervals resample groups of traces.
// State: 24 kB, and a byte a service of the largest trace. Observe: 1 ns a call.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct CacheShare {
  static const Description kDescription;

  // 1, 2 to 3, 4 to 7, ... 2048 and more services.
  static constexpr size_t kClasses = 12;
  static constexpr size_t kLarge = 5;  // first class of "large": 32 services and more
  static constexpr int64_t kWhole = int64_t{1} << 20;

  struct SizeClass {
    uint64_t traces = 0;
    statistics::BucketedRatio nodes;  // sum of shares, in steps of 1 / kWhole, over traces
    statistics::BucketedRatio calls;  // cache calls over calls

    static constexpr auto Fields() {
      return std::tuple(Field{"traces", &SizeClass::traces}, Field{"nodes", &SizeClass::nodes},
                        Field{"calls", &SizeClass::calls});
    }
  };

  struct State {
    std::array<SizeClass, kClasses> classes;
    uint64_t nameless = 0;  // traces without a single named service: in no class

    std::vector<uint8_t> is_cache;  // by node: working memory
    static constexpr auto Fields() {
      return std::tuple(Field{"classes", &State::classes}, Field{"nameless", &State::nameless});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
