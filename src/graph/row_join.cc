#include "graph/row_join.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace plumbago::graph {
namespace {

using model::Call;
using model::Kind;
using model::kNoTime;
using model::Side;

constexpr int64_t kMs = 1'000'000;
// Both records of a call begin within this of each other (facts: 0 to few ms; clocks of two hosts).
constexpr int64_t kStartSlack = 20 * kMs;
// The callee's record may outlast the caller's by this: two clocks, rounding.
constexpr int64_t kDurationSlack = 20 * kMs;
// Two records without marked sides differ by network and queueing: up to this, or a quarter of the
// call.
constexpr int64_t kUnmarkedSlack = 5 * kMs;
// Rounding: times that differ by no more are equal.
constexpr int64_t kRounding = 2 * kMs;
constexpr size_t kWindow = 32;

template <class Id>
bool Compatible(Id a, Id b) {
  return Index(a) == 0 || Index(b) == 0 || a == b;
}

bool KindsFit(Kind a, Kind b) { return a == b || a == Kind::kUnknown || b == Kind::kUnknown; }

int64_t StartGap(const Call& a, const Call& b) {
  return a.start_ns == kNoTime || b.start_ns == kNoTime ? 0 : std::abs(a.start_ns - b.start_ns);
}

// A duration of 0 was not measured (or is below the clock's tick): it contradicts nothing.
int64_t DurationGap(const Call& a, const Call& b) {
  return a.duration_ns <= 0 || b.duration_ns <= 0 ? 0 : std::abs(a.duration_ns - b.duration_ns);
}

bool OppositeSides(const Call& a, const Call& b) {
  return a.side != Side::kUnknown && b.side != Side::kUnknown && a.side != b.side;
}

bool SameSide(const Call& a, const Call& b) { return a.side != Side::kUnknown && a.side == b.side; }

// One lies within the other, as the callee's record lies within its caller's: waiting for a
// connection or in a queue can be the larger part of a call.
bool Nested(const Call& a, const Call& b) {
  if (a.start_ns == kNoTime || b.start_ns == kNoTime) return false;
  const Call& outer = a.duration_ns >= b.duration_ns ? a : b;
  const Call& inner = a.duration_ns >= b.duration_ns ? b : a;
  return inner.start_ns >= outer.start_ns &&
         inner.start_ns + inner.duration_ns <= outer.start_ns + outer.duration_ns + kRounding;
}

bool TimesFit(const Call& a, const Call& b) {
  if (OppositeSides(a, b)) {
    const Call& client = a.side == Side::kClient ? a : b;
    const Call& server = a.side == Side::kClient ? b : a;
    if (server.duration_ns > client.duration_ns + kDurationSlack) return false;
    if (client.start_ns == kNoTime || server.start_ns == kNoTime) return true;
    const int64_t behind = server.start_ns - client.start_ns;
    return behind >= -kStartSlack && behind <= client.duration_ns + kStartSlack;
  }
  if (StartGap(a, b) > kStartSlack) return false;
  if (SameSide(a, b)) return DurationGap(a, b) <= kRounding;
  if (DurationGap(a, b) <= std::max(kUnmarkedSlack, std::max(a.duration_ns, b.duration_ns) / 4))
    return true;
  return Nested(a, b);
}

void SetIntervals(const Call& a, const Call* other, DraftCall& draft) {
  const auto of = [](const Call& c) { return Interval{c.start_ns, c.duration_ns}; };
  if (other == nullptr) {
    (a.side == Side::kServer ? draft.server : draft.client) = of(a);
    return;
  }
  const Call& b = *other;
  if (OppositeSides(a, b) || (a.side != b.side)) {
    const bool a_client = a.side == Side::kClient || b.side == Side::kServer;
    draft.client = of(a_client ? a : b);
    draft.server = of(a_client ? b : a);
    return;
  }
  const bool a_longer =
      a.duration_ns > b.duration_ns || (a.duration_ns == b.duration_ns && a.start_ns <= b.start_ns);
  draft.client = of(a_longer ? a : b);
  draft.server = of(a_longer ? b : a);
  if (a.side == Side::kUnknown && a.start_ns != kNoTime && b.start_ns != kNoTime) {
    draft.client.start_ns = std::min(a.start_ns, b.start_ns);
    draft.server.start_ns = std::max(a.start_ns, b.start_ns);
  }
}

template <class Id>
void FillIn(Id& name, Id from) {
  if (Index(name) == 0) name = from;
}

void AddRow(const Call& call, uint32_t row, DraftCall& draft) {
  if (call.start_ns != kNoTime && (draft.start_ns == kNoTime || call.start_ns < draft.start_ns)) {
    draft.start_ns = call.start_ns;
  }
  draft.duration_ns = std::max(draft.duration_ns, call.duration_ns);
  if (draft.caller == model::kNoService) {
    draft.caller = call.caller;
  } else if (call.caller != model::kNoService && call.caller != draft.caller) {
    FillIn(draft.other_caller, call.caller);
  }
  FillIn(draft.callee, call.callee);
  FillIn(draft.operation, call.operation);
  FillIn(draft.entry, call.entry);
  FillIn(draft.caller_instance, call.caller_instance);
  FillIn(draft.callee_instance, call.callee_instance);
  if (draft.kind == Kind::kUnknown) draft.kind = call.kind;
  draft.status = std::max(draft.status, call.status);
  draft.from_user |= call.from_user;
  draft.first_row = std::min(draft.first_row, row);
}

uint8_t AddRows(uint8_t rows, uint32_t more) {
  return static_cast<uint8_t>(std::min(255u, rows + more));
}

}  // namespace

void RowJoiner::Single(const Call& call, model::PathView path, uint32_t row, DraftCall& draft) {
  draft.path = path;
  draft.start_ns = call.start_ns;
  draft.duration_ns = call.duration_ns;
  (call.side == Side::kServer ? draft.server : draft.client) = {call.start_ns, call.duration_ns};
  draft.caller = call.caller;
  draft.callee = call.callee;
  draft.operation = call.operation;
  draft.entry = call.entry;
  draft.caller_instance = call.caller_instance;
  draft.callee_instance = call.callee_instance;
  draft.kind = call.kind;
  draft.status = call.status;
  draft.from_user = call.from_user;
  draft.first_row = row;
  draft.rows = 1;
}

bool RowJoiner::CertainPair(const Call& a, const Call& b) {
  return a.caller == b.caller && a.callee == b.callee && a.operation == b.operation &&
         a.kind == b.kind && !HasOneRow(a.kind) && !SameSide(a, b) &&
         Compatible(a.caller_instance, b.caller_instance) &&
         Compatible(a.callee_instance, b.callee_instance) && TimesFit(a, b);
}

void RowJoiner::Pair(const Call& a, const Call& b, model::PathView path, uint32_t row,
                     DraftCall& draft) {
  // Names and kind are the same in both.
  draft.path = path;
  draft.first_row = row;
  draft.start_ns = a.start_ns == kNoTime   ? b.start_ns
                   : b.start_ns == kNoTime ? a.start_ns
                                           : std::min(a.start_ns, b.start_ns);
  draft.duration_ns = std::max(a.duration_ns, b.duration_ns);
  draft.caller = a.caller;
  draft.callee = a.callee;
  draft.operation = a.operation;
  draft.kind = a.kind;
  draft.entry = a.entry;
  FillIn(draft.entry, b.entry);
  draft.caller_instance = a.caller_instance;
  FillIn(draft.caller_instance, b.caller_instance);
  draft.callee_instance = a.callee_instance;
  FillIn(draft.callee_instance, b.callee_instance);
  draft.status = std::max(a.status, b.status);
  draft.from_user = a.from_user || b.from_user;
  draft.rows = 2;
  SetIntervals(a, &b, draft);
}

void RowJoiner::Extend(const Call& call, uint32_t row, DraftCall& draft) {
  AddRow(call, row, draft);
  draft.rows = AddRows(draft.rows, 1);
  const Interval seen{call.start_ns, call.duration_ns};
  if (call.side == Side::kServer) {
    if (!draft.server.known()) draft.server = seen;
  } else if (call.side == Side::kClient || !draft.client.known()) {
    if (!draft.client.known()) draft.client = seen;
  } else if (!draft.server.known() && !HasOneRow(call.kind)) {
    draft.server = seen;
    if (draft.server.duration_ns > draft.client.duration_ns) std::swap(draft.server, draft.client);
  }
}

bool RowJoiner::UnitBefore(const Unit& a, const Unit& b) const {
  const auto known = [](const Call& c) {
    return (c.caller != model::kNoService) + (c.callee != model::kNoService) +
           (c.operation != model::kNoOperation);
  };
  const int ka = known(*a.call);
  const int kb = known(*b.call);
  if (ka != kb) return ka > kb;
  const auto content = [this](const Unit& u) {
    const Call& c = *u.call;
    return std::tuple(c.kind, names_.services.Hash(Index(c.callee)),
                      names_.operations.Hash(Index(c.operation)), ~c.duration_ns, c.start_ns,
                      u.begin);
  };
  return content(a) < content(b);
}

void RowJoiner::MarkDuplicates(std::span<const RowKey> run, JoinedRows& out) const {
  for (const Unit& unit : units_) {
    const Call& call = *unit.call;
    const bool both_sides =
        call.side == Side::kUnknown && !HasOneRow(call.kind) && joinings_[unit.joining].units == 1;
    for (uint32_t i = unit.begin + (both_sides ? 2u : 1u); i < unit.end; ++i)
      out.marks[run[i].row] |= kRowDuplicate;
  }
}

void RowJoiner::Join(std::span<const Row> rows, std::span<const RowKey> run, JoinedRows& out) {
  units_.clear();
  joinings_.clear();
  for (uint32_t i = 0; i < run.size(); ++i) {
    const Call* call = rows[run[i].row].call;
    if (!units_.empty() && SameContent(*units_.back().call, *call)) {
      units_.back().end = i + 1;
    } else {
      units_.push_back({call, i, i + 1, 0});
    }
  }
  std::sort(units_.begin(), units_.end(),
            [this](const Unit& a, const Unit& b) { return UnitBefore(a, b); });

  for (Unit& unit : units_) {
    const Call& x = *unit.call;
    size_t best = SIZE_MAX;
    int64_t best_cost = 0;
    const size_t first = joinings_.size() > kWindow ? joinings_.size() - kWindow : 0;
    for (size_t j = first; j < joinings_.size(); ++j) {
      const Joining& c = joinings_[j];
      const Call& h = *c.first;
      if (!KindsFit(x.kind, c.draft.kind) || !Compatible(x.callee, c.draft.callee) ||
          !Compatible(x.operation, c.draft.operation) ||
          !Compatible(x.callee_instance, c.draft.callee_instance)) {
        continue;
      }
      const bool callers_fit = Compatible(x.caller, c.draft.caller) &&
                               Compatible(x.caller_instance, c.draft.caller_instance);
      const int64_t start_gap = StartGap(x, h);
      const int64_t duration_gap = DurationGap(x, h);
      if (HasOneRow(x.kind) || HasOneRow(h.kind)) {
        // One record expected: a second one is the same row with a name missing, or another call.
        if (!callers_fit || start_gap != 0 || x.duration_ns != h.duration_ns || x.side != h.side)
          continue;
      } else {
        // Home-made middleware records itself at more than one layer: rows that agree to the
        // clock's rounding are one call.
        const bool layers =
            x.kind == Kind::kOther && duration_gap <= kRounding && start_gap <= kRounding + kMs;
        // A row without a time of its own repeats one of the two.
        if (c.units >= 2 && !layers && x.duration_ns != kNoTime) continue;
        if (!callers_fit) {
          const bool same_operation =
              x.operation != model::kNoOperation && c.draft.operation != model::kNoOperation;
          const bool same_callee = x.callee != model::kNoService && duration_gap <= kRounding;
          if (!same_operation && !same_callee) continue;
        }
        if (!TimesFit(x, h)) continue;
      }
      const int64_t cost =
          start_gap + duration_gap + (SameSide(x, h) ? 5 * kMs : 0) + (callers_fit ? 0 : 5 * kMs);
      if (best == SIZE_MAX || cost < best_cost) {
        best = j;
        best_cost = cost;
      }
    }
    if (best == SIZE_MAX) {
      best = joinings_.size();
      joinings_.emplace_back();
      joinings_.back().first = &x;
    } else if (joinings_[best].second == nullptr) {
      joinings_[best].second = &x;
    }
    Joining& joining = joinings_[best];
    ++joining.units;
    unit.joining = static_cast<uint32_t>(best);
    for (uint32_t i = unit.begin; i < unit.end; ++i) AddRow(x, run[i].row, joining.draft);
    joining.draft.rows = AddRows(joining.draft.rows, unit.end - unit.begin);
  }

  for (const Unit& unit : units_) {
    Joining& joining = joinings_[unit.joining];
    // Two equal rows without a side are the two sides.
    if (joining.units == 1 && unit.end - unit.begin >= 2 && unit.call->side == Side::kUnknown &&
        !HasOneRow(unit.call->kind)) {
      joining.second = unit.call;
    }
    if (joining.units == 2 && joining.second == unit.call &&
        SameSide(*joining.first, *joining.second)) {
      for (uint32_t i = unit.begin; i < unit.end; ++i) out.marks[run[i].row] |= kRowSign;
    }
  }
  MarkDuplicates(run, out);

  by_start_.resize(joinings_.size());
  std::iota(by_start_.begin(), by_start_.end(), 0u);
  std::sort(by_start_.begin(), by_start_.end(), [this](uint32_t a, uint32_t b) {
    return std::tuple(joinings_[a].draft.start_ns, a) < std::tuple(joinings_[b].draft.start_ns, b);
  });
  place_.resize(joinings_.size());
  for (const uint32_t j : by_start_) {
    Joining& joining = joinings_[j];
    SetIntervals(*joining.first, joining.second, joining.draft);
    joining.draft.path = rows[run.front().row].path;
    place_[j] = static_cast<uint32_t>(out.drafts.size());
    out.drafts.push_back(joining.draft);
  }
  for (const Unit& unit : units_) {
    for (uint32_t i = unit.begin; i < unit.end; ++i)
      out.draft_of_row[run[i].row] = place_[unit.joining];
  }
}

}  // namespace plumbago::graph
