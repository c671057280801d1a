// Where do requests really spend their time? The critical path of each trace, merged over all.
//
// At each moment of a request one span is on its critical path (graph/critical_path.h), so the time
// on the path, summed by service and operation over all traces, is the time of all requests, each
// moment once. Beside it: drag (what a trace would gain without the span's own time,
// graph/slack.h), time on the paths of asynchronous spans, apart; and by bands of the latency of
// one entry operation, so that what slow requests wait for shows.
//
// The path takes siblings that follow each other for one after the other. Whether they have to be
// is learnt over all traces: for each caller's operation and two operations that it calls once
// each, how often either ended before the other began, and how often they overlapped (refutation of
// happens-before, "The Mystery Machine", OSDI'14; statistics.md T9, T16).
//
// What-if: Facts::faster has each trace replayed (graph/replay.h) with less own time in some
// services, all options together and each alone.
//
// A graph without spans gives its calls, one span each. A sampled graph counts as often as its
// weight says (statistics.md T7), but the orders of siblings as often as they were seen: a weight
// is no evidence. Clocks of milliseconds are told by each trace's own times.
//
// State: 200 bytes an operation, about 300 an operation and entry, 60 a pair of siblings; tables,
// spilled as sorted runs. Observe: about 110 ns a span, plus 20 for each what-if
// (critical_path_benchmark.cc).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/grouped_sums.h"
#include "analysis/latency_cells.h"
#include "graph/critical_path.h"
#include "graph/key_parts.h"
#include "graph/replay.h"
#include "graph/slack.h"
#include "graph/span_windows.h"
#include "statistics/keyed_table.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {

// The what-ifs of these options: all together first, then, if there are several, each alone.
struct Scenario {
  std::vector<size_t> options;  // places
  std::string text;             // "geo=20%, rate=50%"
  uint64_t hash = 0;
};
std::vector<Scenario> Scenarios(std::span<const Faster> options);

struct CriticalPath {
  static const Description kDescription;
  static constexpr bool kSpans = true;   // of graphs with spans it wants those
  static constexpr size_t kNamed = 3;    // entries of the finding
  static constexpr size_t kWidest = 16;  // siblings of one caller that are compared, at most

  // A service and an operation, on paths or asynchronous.
  struct Step {
    model::ServiceId service = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    uint64_t requests = 0;  // with it on the path
    uint64_t spans = 0;     // on paths, with time of their own there
    uint64_t drag_ns = 0;
    uint64_t asynchronous_ns = 0;  // on the paths of asynchronous spans
    GroupedSums<16> own_ns;        // on paths

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::OperationId>};
    std::array<uint32_t, 2> key() const { return {Index(service), Index(operation)}; }
    void set_key(const std::array<uint32_t, 2>& key);
    void Merge(const Step& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  // Requests of an entry operation, by latency.
  struct Entry {
    model::ServiceId service = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    LatencyCells requests;

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::OperationId>};
    static constexpr size_t kHeapBytes = 500;
    std::array<uint32_t, 2> key() const { return {Index(service), Index(operation)}; }
    void set_key(const std::array<uint32_t, 2>& key);
    void Merge(const Entry& other) { requests.Merge(other.requests); }
    void Save(std::string& out) const { requests.Save(out); }
    bool Load(statistics::StateReader& in) { return requests.Load(in); }
  };

  // Time on the paths of an entry operation, of one step.
  struct Part {
    model::ServiceId entry_service = model::kNoService;
    model::OperationId entry = model::kNoOperation;
    model::ServiceId service = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    LatencyCells own;

    static constexpr std::array kKey{
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::OperationId>,
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::OperationId>};
    static constexpr size_t kHeapBytes = 250;
    std::array<uint32_t, 4> key() const {
      return {Index(entry_service), Index(entry), Index(service), Index(operation)};
    }
    void Prefetch() const { own.Prefetch(); }
    void set_key(const std::array<uint32_t, 4>& key);
    void Merge(const Part& other) { own.Merge(other.own); }
    void Save(std::string& out) const { own.Save(out); }
    bool Load(statistics::StateReader& in) { return own.Load(in); }
  };

  // Two operations that one of a caller calls; a's name sorts before b's.
  struct Order {
    model::ServiceId caller = model::kNoService;
    model::OperationId caller_operation = model::kNoOperation;
    model::OperationId a = model::kNoOperation;
    model::OperationId b = model::kNoOperation;
    uint64_t a_first = 0;  // a had ended when b began
    uint64_t b_first = 0;
    uint64_t overlaps = 0;
    uint64_t on_path = 0;     // times that both were on the path, so one after the other
    uint64_t shorter_ns = 0;  // of those: the time of the shorter one

    static constexpr std::array kKey{
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::OperationId>,
        graph::kKeyPart<model::OperationId>, graph::kKeyPart<model::OperationId>};
    std::array<uint32_t, 4> key() const {
      return {Index(caller), Index(caller_operation), Index(a), Index(b)};
    }
    void set_key(const std::array<uint32_t, 4>& key);
    void Merge(const Order& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
    uint64_t seen() const { return a_first + b_first + overlaps; }
    // How often it was not as it mostly is, or they ran side by side.
    uint64_t otherwise() const;
  };

  // Requests of an entry operation under one what-if.
  struct Gain {
    model::ServiceId service = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    uint64_t scenario = 0;  // hash of its text
    uint64_t changed = 0;   // requests with a span that it means
    statistics::QuantileSketch before_ns, after_ns;
    GroupedSums<16> saved_ns;

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::OperationId>,
                                     statistics::KeyPart::kPlain, statistics::KeyPart::kPlain};
    static constexpr size_t kHeapBytes = 1000;
    std::array<uint32_t, 4> key() const {
      return {Index(service), Index(operation), static_cast<uint32_t>(scenario >> 32),
              static_cast<uint32_t>(scenario)};
    }
    void set_key(const std::array<uint32_t, 4>& key);
    void Merge(const Gain& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  struct State {
    statistics::KeyedTable<Step> steps;
    statistics::KeyedTable<Entry> entries;
    statistics::KeyedTable<Part> parts;
    statistics::KeyedTable<Order> orders;
    statistics::KeyedTable<Gain> gains;
    GroupedSums<16> path_ns;     // of all requests
    GroupedSums<16> traces;      // with a path
    uint64_t roots = 0;          // paths: a trace may have several
    uint64_t asynchronous = 0;   // asynchronous spans with a path of their own
    uint64_t inserted_ns = 0;    // on paths, of lost spans
    uint64_t shifted = 0;        // servers' halves, into the time of their clients' (T10)
    uint64_t before = 0;         // spans that had ended when their parent began, and all below
    uint64_t untimed = 0;        // spans without times, and all below
    uint64_t of_calls = 0;       // traces that gave calls instead of spans
    uint64_t without_times = 0;  // traces without a path
    uint64_t repeated = 0;  // siblings left out of the orders: their caller calls them again, ...
    uint64_t too_many = 0;  // ... or has more than kWidest
    uint64_t ready_made = 0;

    static constexpr auto Fields() {
      return std::tuple(
          Field{"steps", &State::steps}, Field{"entries", &State::entries},
          Field{"parts", &State::parts}, Field{"orders", &State::orders},
          Field{"gains", &State::gains}, Field{"path_ns", &State::path_ns},
          Field{"traces", &State::traces}, Field{"roots", &State::roots},
          Field{"asynchronous", &State::asynchronous}, Field{"inserted_ns", &State::inserted_ns},
          Field{"shifted", &State::shifted}, Field{"before", &State::before},
          Field{"untimed", &State::untimed}, Field{"of_calls", &State::of_calls},
          Field{"without_times", &State::without_times}, Field{"repeated", &State::repeated},
          Field{"too_many", &State::too_many}, Field{"ready_made", &State::ready_made});
    }

    // Working memory. Copies of a state may leave it behind.
    struct Request {
      std::array<uint32_t, 2> entry;  // its key
      uint32_t cell;
    };
    struct Item {  // what a step has on one path
      std::array<uint32_t, 2> step;
      uint32_t request;
      uint64_t spans, own_ns, drag_ns;
    };
    struct Visit {  // of a pair of siblings
      std::array<uint32_t, 4> key;
      uint8_t what;  // 0: a first, 1: b first, 2: overlap
      bool on_path;
      uint64_t shorter_ns;
    };
    std::vector<graph::TraceSpan> spans;
    graph::SpanWindows windows;
    graph::CriticalPath path;
    graph::Slack slack;
    graph::Replay replay;
    std::vector<Request> requests;
    std::vector<Item> items;         // of requests, then of asynchronous spans
    std::vector<uint64_t> children;  // operation, span
    std::vector<Visit> visits;
    std::vector<uint32_t> left;
    std::vector<Scenario> scenarios;               // of Facts::faster, once asked for
    std::unordered_map<uint64_t, uint64_t> meant;  // by service and operation: a bit an option
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
