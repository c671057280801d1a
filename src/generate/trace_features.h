// A trace in numbers: what the headlines of a report are sums, means and ratios of.
//
// The definitions are the analyses' (src/analysis: graph_size, paradigms, shape, parallelism,
// edges); a test holds them against each other. Measured while the trace is walked, before damage.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "generate/system.h"
#include "generate/truth.h"

namespace plumbago::generate {

enum class Feature : uint8_t {
  kOne,  // always 1: a mean is a ratio to it
  kServices,
  kCalls,
  kDepth,
  kTiers,
  kWidth,
  kSingleTiers,
  kCalled,      // services that are called from within the trace
  kOneCaller,   // ... by one
  kStateless,   // stateless services
  kFanOut,      // ... that call five or more
  kTreeLike,    // 0 or 1
  kKnownCalls,  // between stateless services
  kRpcCalls,    // ... by rpc or http
  kMessageCalls,
  kOtherCalls,
  kCacheCalls,
  kDatabaseCalls,
  kClientSide,  // calls that the caller recorded
  kCallers,     // with siblings below them
  kCallersSurely,
  kCallersPossibly,
  kPairs,
  kPairsSurely,
  kPairsUndecided,
  kPairsPossibly,
  kBusyMs,
  kCoveredMs,
  kRpcPairs,
  kRpcPairsOverlapping,
  kOwnMs,         // own time of all calls
  kWatchedOwnMs,  // ... of those along the watched edges
};
inline constexpr size_t kFeatures = static_cast<size_t>(Feature::kWatchedOwnMs) + 1;

// Which edges are watched: by the system's number of an edge; behind them those of entry calls, by
// service.
using WatchedEdges = std::vector<bool>;

struct TraceFeatures {
  std::array<double, kFeatures> value{};
  double operator[](Feature feature) const { return value[static_cast<size_t>(feature)]; }
  double& operator[](Feature feature) { return value[static_cast<size_t>(feature)]; }
};

// Gathers the calls of a trace as they are made, in preorder. Reuses its memory; about 15 ns a
// call.
class TraceMeter {
 public:
  explicit TraceMeter(const System& system)
      : system_(system), nodes_(system.services().size()), edge_stamps_(system.edges().size()) {}

  void Begin();
  // A call of `service` at `depth`; `edge` as the system numbers it, kNone for an entry's. Returns
  // the edge's place in WatchedEdges.
  uint32_t AddCall(uint32_t service, uint32_t edge, uint32_t depth);
  // Of the call at that place: the time without what its callees took, and whether it counts as
  // seen by its caller.
  void EndCall(uint32_t place, int32_t own_ms, bool client_side) {
    client_side_ += client_side;
    own_ms_ += own_ms;
    if (watched_ != nullptr && !watched_->empty() && (*watched_)[place]) watched_own_ms_ += own_ms;
    if (!own_of_edge_.empty()) own_of_trace_.emplace_back(place, own_ms);
  }
  void Watch(const WatchedEdges* watched) { watched_ = watched; }
  // The trace is kept: its own times are added to the edges'.
  void Keep() {
    for (const auto& [place, own_ms] : own_of_trace_) own_of_edge_[place] += own_ms;
  }
  // From now on own time is summed up by edge, over all traces that are kept.
  void SumOwnTimes() { own_of_edge_.assign(system_.edges().size() + system_.services().size(), 0); }
  const std::vector<int64_t>& own_of_edge() const { return own_of_edge_; }
  // `before`, `after`: the counters around the trace.
  TraceFeatures End(const Counts& before, const Counts& after);

  static constexpr uint32_t kNone = 0xFFFFFFFFu;

 private:
  struct Node {
    uint32_t stamp = 0;
    uint32_t tier = 0;
    uint32_t in = 0, out = 0;  // distinct callers and callees
  };
  struct Caller {  // of the calls that are being made, by depth
    uint32_t service = 0;
    uint32_t tier = 0;
  };
  Node& NodeOf(uint32_t service);

  const System& system_;
  std::vector<Node> nodes_;            // by service
  std::vector<uint32_t> edge_stamps_;  // by edge
  std::vector<uint32_t> used_;         // services of the trace
  std::vector<Caller> callers_;
  std::vector<uint32_t> of_tier_;
  uint32_t stamp_ = 0;
  uint32_t entry_ = 0;
  uint64_t client_side_ = 0, depth_ = 0;
  int64_t own_ms_ = 0, watched_own_ms_ = 0;
  const WatchedEdges* watched_ = nullptr;
  std::vector<int64_t> own_of_edge_;
  std::vector<std::pair<uint32_t, int32_t>> own_of_trace_;
};

}  // namespace plumbago::generate
