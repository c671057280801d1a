// How far the clocks of hosts are apart, from the calls between them (rule T10).
//
// A call from host A to host B tells two things of the difference d of B's clock to A's: the server
// cannot begin before the client sent (d <= server's start - client's start), and should not end
// after the client has its answer (d >= server's end - client's end). Many calls leave an interval
// for d. Where calls go both ways, beginnings alone bound d from both sides, and these bounds are
// taken, since servers often end their span after they have answered.
//
//   fits      0 lies in the interval: nothing is shifted
//   skewed    it does not: one clock is put right by the middle of the interval. Where calls go one
//             way only and the bounds exclude each other, since servers end late, by the least that
//             puts causes before effects; but only if nearly all servers seem to begin too early
//   drifts    the bounds exclude each other: the clocks moved while the data was taken, or the rows
//             are wrong. Nothing is shifted, and it is said
//   few       fewer than 10 calls: nothing is said
//
// Of n calls the (1 + n/500)-th extreme one is the bound, at most the 16th, so that single wrong
// rows move nothing. Within a host nothing is ever shifted, nor by a message between producer and
// consumer. Hosts are tied together by their most frequent pairs; the host with the most calls of
// each group is taken to be right.
//
// Source: the bounds are those of Cristian, "Probabilistic clock synchronization" (Distributed
// Computing 3, 1989); jaeger#4072 on what not to shift.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/trace_walk.h"
#include "model/names.h"

namespace plumbago::engine {

// What the calls between two hosts tell. `a` is the lower id.
struct ClockPair {
  enum class State : uint8_t { kSkewed, kDrifts, kFits, kFew };  // in the order of reports
  model::InstanceId a = model::kNoInstance;
  model::InstanceId b = model::kNoInstance;
  uint64_t calls_ab = 0;
  uint64_t calls_ba = 0;
  int64_t low_ns = 0;  // of b's clock less a's
  int64_t high_ns = 0;
  int64_t difference_ns = 0;  // what is taken; 0 where nothing is shifted
  State state = State::kFew;
};

struct ClockOffsets {
  // By instance: how far its clock is ahead; its rows are shifted back by it. Empty: no clock is
  // put right.
  std::vector<int64_t> ahead_ns;
  std::vector<ClockPair> pairs;  // skewed, then drifting, then the others; by calls, then names
  uint64_t hosts_shifted = 0;
  uint64_t remaining = 0;  // pairs that still put effects before causes
  bool found() const { return !ahead_ns.empty(); }
};

// One thread's look at all traces. Merge, then Solve.
class ClockLearner final : public TraceVisitor {
 public:
  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override;
  void Merge(ClockLearner&& other);
  // `instances`: how many ids there are. Ids are ranks of names.
  ClockOffsets Solve(size_t instances) const;

 private:
  static constexpr size_t kExtremes = 16;
  // The smallest of many numbers, in order.
  class Smallest {
   public:
    void Add(int64_t value);
    void Merge(const Smallest& other);
    uint64_t count() const { return count_; }
    // The (1 + n/500)-th. Not without any.
    int64_t Bound() const;

   private:
    std::vector<int64_t> values_;
    uint64_t count_ = 0;
  };
  struct OneWay {
    Smallest starts;     // server's start less client's
    Smallest ends;       // client's end less server's
    uint64_t early = 0;  // servers that began before their client
  };
  std::vector<ClockPair> Pairs() const;
  static bool NearlyAllEarly(const OneWay& way);
  static ClockPair Judge(uint64_t key, const OneWay* there, const OneWay* back);

  std::unordered_map<uint64_t, OneWay> ways_;  // caller's instance << 32 | callee's
  struct Client {
    uint64_t span;
    const model::Call* call;
  };
  std::vector<Client> clients_;
};

// Looks at all rows, if there are two-sided calls between hosts, and fills `read.clocks`: walking
// the traces afterwards shifts rows. Names must have been sorted. Errors: as LookAtTraces. False:
// the user interrupted.
Result<bool> LearnClocks(ReadRows& read, bool show_progress);

// A pair as a sentence: "cart-2 is 3.20 ms ahead of front-1: 120 calls there, 80 back".
std::string ClockText(const ClockPair& pair, const model::Names& names);

}  // namespace plumbago::engine
