// How --edges N makes every edge of the system occur: traces of their own, spread among the
// ordinary ones.
//
// Cover traces of the first sort begin at an entry of the grown system and make each of its call
// sites once that first made an edge (or leads to one); those of the second make the calls of a
// chunk of the tail. Together they take each edge once, and ordinary traces know no others: the
// output holds exactly as many as the system. The number of their rows is known beforehand, so room
// is kept for them.
//
// A callee of the tail that is no cache or database is sent a message (one row), or called by rpc
// (two) as often as the rows allow, at most half of them.
//
// Immutable; shared by all threads.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "generate/system.h"
#include "generate/trace_options.h"

namespace plumbago::generate {

// Services for so many edges where nobody says: few enough for edges to repeat, enough for 400 a
// service.
uint32_t ServicesFor(uint64_t edges);

inline constexpr uint64_t kMaxEdges = 2'000'000'000;

class EdgeCover {
 public:
  // How many of the edges the grown system should hold: its take more rows than the tail's.
  static double GrownEdges(const TraceOptions& options);
  // Errors: kUsage if the services or rows do not hold so many edges, with what they hold.
  static Result<EdgeCover> Make(const System& system, const TraceOptions& options);

  uint64_t traces() const { return traces_; }
  uint64_t rows() const { return rows_; }
  // Which cover trace the run's trace `index` is, if it is one.
  std::optional<uint64_t> NumberOf(uint64_t index) const;
  // Whether the tail's edge `index` is an rpc where its callee could be sent a message.
  bool IsRpc(uint32_t index) const { return MixBits(index + salt_) < rpc_below_; }
  model::Kind KindOf(uint32_t index) const;

 private:
  const System* system_ = nullptr;
  uint64_t traces_ = 0;
  uint64_t ordinary_ = 0;  // about so many are spread among them
  uint64_t stride_ =
      1;  // shares no divisor with traces_: popular entries are not all covered first
  uint64_t rows_ = 0;
  uint64_t salt_ = 0;
  uint64_t rpc_below_ = 0;
};

}  // namespace plumbago::generate
