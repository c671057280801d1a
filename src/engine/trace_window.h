// Where a trace lies in the time that the data covers: whether it was cut at an edge.
//
// A trace born (its id may tell when) before the data begins, whose rows begin well after its
// birth, has lost its first rows to the edge. When the data begins is known for certain only when
// all of it has been read, and a saved state may be merged with earlier data: so the births that
// may count are kept, and counted at the end (as more data comes in the begin only moves back, and
// a birth after it never counts again).
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/fields.h"
#include "graph/row.h"
#include "model/call.h"
#include "model/damage.h"
#include "model/trace_id.h"
#include "statistics/state_bytes.h"

namespace plumbago::engine {

// What of a trace is known before any mode builds it.
struct TraceWindow {
  int64_t first_ns = model::kNoTime;  // earliest start of its rows
  int64_t last_ns = model::kNoTime;   // latest end
  bool sides_marked = false;          // a row says who wrote it
  bool saved = false;                 // a row comes from a saved state
};
TraceWindow WindowOf(std::span<const graph::Row> rows);

// Births in no order.
class Births {
 public:
  void Add(int64_t ns) { ns_.push_back(ns); }
  void Merge(Births&& from) { ns_.insert(ns_.end(), from.ns_.begin(), from.ns_.end()); }
  uint64_t Before(int64_t ns) const;
  void Save(std::string& out) const;  // their number, then each less the one before, sorted
  [[nodiscard]] bool Load(statistics::StateReader& in);

 private:
  std::vector<int64_t> ns_;
};

struct WindowCounts {
  uint64_t births = 0;            // traces whose id tells a birth and whose rows tell a start
  uint64_t births_fit = 0;        // ... within a second of each other
  uint64_t born_long_before = 0;  // ... born more than an hour before their first row
  Births late;                    // ... whose first row comes late and that may be cut
  uint64_t at_work_at_end = 0;
  uint64_t spread = 0;  // rows over more than an hour, by the rows alone

  static constexpr auto Fields() {
    using analysis::Field;
    return std::tuple(
        Field{"births", &WindowCounts::births}, Field{"births_fit", &WindowCounts::births_fit},
        Field{"born_long_before", &WindowCounts::born_long_before},
        Field{"late", &WindowCounts::late}, Field{"at_work_at_end", &WindowCounts::at_work_at_end},
        Field{"spread", &WindowCounts::spread});
  }
};

// `first_ns`, `last_ns`: first and last start of a row in the data, as far as it is known.
void ObserveWindow(WindowCounts& counts, const model::TraceId& trace, const TraceWindow& window,
                   int64_t first_ns, int64_t last_ns);

// Births count only if most of them fit the data's clock.
bool BirthsFit(const WindowCounts& counts);
// Damage by the edges: left_cut, right_cut, reused_id.
struct WindowDamage {
  uint64_t cut_left = 0, cut_right = 0, reused_ids = 0;
};
WindowDamage DamageOf(const WindowCounts& counts, int64_t first_ns);

}  // namespace plumbago::engine
