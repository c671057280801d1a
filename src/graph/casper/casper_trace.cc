#include "graph/casper/casper_trace.h"

#include <cmath>
#include <unordered_set>

#include "graph/casper/casper_ids.h"

namespace plumbago::graph {
namespace {

using namespace casper;  // NOLINT: the ids of this one algorithm

constexpr std::string_view kMissing = "(?)";
// The original recurses without end on some self-calls (quirk 5); Python stops it.
constexpr int kMostDepth = 300;

struct Row {
  std::string_view rpcid, um, rpctype, dm;
  double rt = 0;
  uint32_t source = 0;
};
using Rows = std::vector<Row>;

template <class Field>
Ids Unique(const Rows& rows, Field field) {
  Ids values;
  for (const Row& row : rows) AddUnique(values, row.*field);
  return values;
}

template <class Predicate>
Rows Where(const Rows& rows, Predicate predicate) {
  Rows found;
  for (const Row& row : rows) {
    if (predicate(row)) found.push_back(row);
  }
  return found;
}

class Trace {
 public:
  Trace(std::span<const CasperRow> raw, CasperYear year) : raw_(raw), year_(year) {
    for (uint32_t i = 0; i < raw.size(); ++i) {
      const CasperRow& r = raw[i];
      rows_.push_back({r.rpcid, Filled(r.um), r.rpctype, Filled(r.dm), r.rt, i});
      if (r.rpcid.data() == nullptr) answer_.crashed = true;  // quirk 6
    }
  }

  CasperAnswer Run() {
    if (!answer_.crashed) Walk();
    if (answer_.crashed) {
      answer_ = {};
      answer_.crashed = true;
    }
    return std::move(answer_);
  }

 private:
  static std::string_view Filled(std::string_view cell) { return cell.data() == nullptr ? kMissing : cell; }

  Rows RowsOf(std::string_view id) const {
    return Where(rows_, [&](const Row& row) { return row.rpcid == id; });
  }

  static CasperKept Kept(const Row& row, std::string rpcid) {
    return {std::move(rpcid), std::string(row.um), std::string(row.dm), row.source};
  }

  // An id without any ancestor that is there.
  bool IsRoot(std::string_view id) const {
    for (size_t dot = id.rfind('.'); dot != std::string_view::npos; dot = id.rfind('.', dot - 1)) {
      if (known_.contains(id.substr(0, dot))) return false;
      if (dot == 0) break;
    }
    return true;
  }

  void Walk() {
    all_ = Unique(rows_, &Row::rpcid);
    known_.insert(all_.begin(), all_.end());
    Ids work = all_;
    SortByDots(work);
    Ids partial = work;
    bool trace_has_error = false;
    while (!work.empty() && !answer_.crashed) {
      const std::string_view id = work.front();
      work.erase(work.begin());
      bool in_partial = Contains(partial, id);
      if (in_partial) partial.erase(std::find(partial.begin(), partial.end(), id));

      Rows rows = RowsOf(id);
      answer_.rpcid.push_back(Kept(rows.front(), std::string(id)));
      FilterNonConnecting(id, rows);
      FillCallees(id, rows);
      const int calls = Calls(rows);
      const bool lost = LostParent(id);
      if (lost) {
        answer_.data_loss = true;
        InsertCallers(id);
      }
      if (calls > 1) answer_.propagation_error = true;
      if (lost || calls > 1) {
        answer_.accurate.clear();
        trace_has_error = true;
        DropPrefixed(partial, id);
        in_partial = false;
      }
      if (calls > 1) {
        ConnectBelow(id, Downstream(work, id));
        DropPrefixed(work, id);
        continue;
      }
      if (rows.empty()) continue;
      const CasperKept kept = Kept(rows.front(), std::string(id));
      if (!trace_has_error) answer_.accurate.push_back(kept);
      if (in_partial) answer_.partial.push_back(kept);
      answer_.rebuild.push_back(kept);
    }
  }

  // (c): rows whose caller is not the parent's first callee go.
  void FilterNonConnecting(std::string_view id, Rows& rows) const {
    if (Unique(rows, &Row::um).size() <= 1) return;
    const Rows parents = RowsOf(ParentId(id));
    if (parents.empty()) return;
    const std::string_view callee = parents.front().dm;
    rows = Where(rows, [&](const Row& row) { return row.um == callee || row.um == kMissing; });
    for (Row& row : rows) row.um = callee;
  }

  // (d): a missing callee from the other row, else from the children.
  void FillCallees(std::string_view id, Rows& rows) const {
    Ids callees = Unique(rows, &Row::dm);
    if (!Contains(callees, kMissing)) return;
    std::string_view callee = "UNKNOWN";
    if (rows.size() == 2 && callees.size() > 1) {
      std::erase(callees, kMissing);
      callee = callees.front();
    } else if (rows.size() <= 2) {
      const Ids children = Children(all_, id);
      Ids callers = Unique(Where(rows_, [&](const Row& row) { return Contains(children, row.rpcid); }), &Row::um);
      std::erase(callers, kMissing);
      if (callers.size() == 1) callee = callers.front();
    } else {
      return;
    }
    for (Row& row : rows) row.dm = callee;
  }

  // (e): the calls that these rows stand for.
  int Calls(const Rows& rows) {
    const Ids callees = Unique(rows, &Row::dm);
    if (callees.size() == 1 && rows.size() == 2 && rows[0].rpctype == "userDefined" &&
        rows[1].rpctype == "userDefined") {
      return 1;
    }
    int calls = 0;
    for (const std::string_view callee : callees) {
      const Rows to_callee = Where(rows, [&](const Row& row) { return row.dm == callee; });
      for (const std::string_view type : Unique(to_callee, &Row::rpctype)) {
        if (type.data() == nullptr) {  // quirk 6: nothing equals NaN
          answer_.crashed = true;
          return 0;
        }
        calls += CallsOfType(type, Where(to_callee, [&](const Row& row) { return row.rpctype == type; }));
      }
    }
    return calls;
  }

  int CallsOfType(std::string_view type, const Rows& rows) const {
    const auto count = static_cast<int>(rows.size());
    if (type == "mc" || type == "mq" || type == "db") return count;
    if (year_ == CasperYear::k2022) return (count + 1) / 2;
    int zero = 0;
    int plus = 0;
    int minus = 0;
    for (const Row& row : rows) {
      zero += row.rt == 0;
      plus += row.rt > 0;
      minus += row.rt < 0;
    }
    return zero / 2 + std::max(std::abs(minus - zero % 2), plus);
  }

  bool LostParent(std::string_view id) const { return !IsRoot(id) && !known_.contains(ParentId(id)); }

  // (f): a row for each lost caller up to one that is there. Every child of a lost caller does it anew (quirk 10).
  void InsertCallers(std::string_view id) {
    const auto first_raw = [&](std::string_view wanted, std::string_view CasperRow::*field) {
      for (const CasperRow& row : raw_) {
        if (row.rpcid == wanted) return row.*field;
      }
      return std::string_view();
    };
    std::string callee(first_raw(id, &CasperRow::um));
    std::string_view parent = ParentId(id);
    while (!known_.contains(parent) && parent.find('.') != std::string_view::npos) {
      const std::string_view grandparent = ParentId(parent);
      std::string caller(kMissing);
      if (known_.contains(grandparent)) caller = first_raw(grandparent, &CasperRow::dm);
      answer_.rebuild.push_back({std::string(parent), caller, callee, CasperKept::kInserted});
      callee = "UNKNOWN";
      parent = grandparent;
    }
  }

  // (g): what is below a context-propagation error, as far as its path is unique.
  void ConnectBelow(std::string_view id, Ids downstream) {
    Rows rows = Where(rows_, [&](const Row& row) { return Contains(downstream, row.rpcid); });
    DropHoles(downstream, rows);
    DropAmbiguous(downstream, rows);
    Rename(id, {}, rows, std::string(ParentId(id)), 0);
  }

  static void DropHoles(Ids& downstream, Rows& rows) {
    Ids left = downstream;
    while (!left.empty()) {
      const std::string_view id = left.front();
      left.erase(left.begin());
      if (!DirectDescendants(id, downstream).empty()) continue;
      const Ids lost = AllDescendants(id, downstream);
      if (lost.empty()) continue;
      std::erase_if(downstream, [&](std::string_view other) { return Contains(lost, other); });
      std::erase_if(left, [&](std::string_view other) { return Contains(lost, other); });
      std::erase_if(rows, [&](const Row& row) { return Contains(lost, row.rpcid); });
    }
  }

  // Goes over a snapshot, with parents looked up in the already thinned rows (quirk 12).
  void DropAmbiguous(const Ids& downstream, Rows& rows) {
    const Rows snapshot = rows;
    for (const Row& row : snapshot) {
      const std::string_view parent = ParentId(row.rpcid);
      if (!Contains(downstream, parent) || row.rpcid.find('.') == std::string_view::npos) continue;
      const Rows of_parent = Where(rows, [&](const Row& r) { return r.rpcid == parent; });
      if (of_parent.empty()) continue;
      if (Calls(Where(of_parent, [&](const Row& r) { return r.dm == row.um; })) == 1) continue;
      std::erase_if(rows, [&](const Row& r) { return r.source == row.source; });
      Ids below = Downstream(downstream, row.rpcid);
      below.erase(std::find(below.begin(), below.end(), row.rpcid));
      DropCallees(row.rpcid, below, rows, row.dm);
    }
  }

  static void DropCallees(std::string_view id, const Ids& below, Rows& rows, std::string_view caller) {
    const Ids children = DirectDescendants(id, below);
    const Rows dropped = Where(
        rows, [&](const Row& r) { return r.um == caller && Contains(children, r.rpcid); });
    if (dropped.empty()) return;
    std::erase_if(rows, [&](const Row& r) { return r.um == caller && Contains(children, r.rpcid); });
    for (const std::string_view child : Unique(dropped, &Row::rpcid)) {
      const Rows of_child = Where(dropped, [&](const Row& r) { return r.rpcid == child; });
      for (const std::string_view callee : Unique(of_child, &Row::dm)) DropCallees(child, below, rows, callee);
    }
  }

  // Gives each call an id of its own, depth first.
  void Rename(std::string_view id, std::string_view caller, const Rows& rows, const std::string& parent, int depth) {
    if (depth > kMostDepth) answer_.crashed = true;
    if (answer_.crashed) return;
    const Rows connecting = Where(rows, [&](const Row& r) {
      return r.rpcid == id && (caller.data() == nullptr || r.um == caller);
    });
    if (connecting.empty()) return;
    const int calls = Calls(connecting);
    const std::string renamed = parent + std::string(id.substr(ParentId(id).size()));
    const Ids children = Children(Unique(rows, &Row::rpcid), id);
    if (calls <= 1) {
      answer_.rebuild.push_back(Kept(connecting.front(), renamed));
      for (const std::string_view child : children) {
        Rename(child, connecting.front().dm, rows, renamed, depth + 1);
      }
      return;
    }
    for (const std::string_view callee : Unique(connecting, &Row::dm)) {
      const Rows to_callee = Where(connecting, [&](const Row& r) { return r.dm == callee; });
      const int to_callee_calls = Calls(to_callee);
      const std::string stem = renamed + "-" + std::string(callee) + "-";
      for (int n = 0; n < to_callee_calls; ++n) {
        answer_.rebuild.push_back(Kept(to_callee.front(), stem + std::to_string(n)));
      }
      if (to_callee_calls != 1) continue;
      for (const std::string_view child : children) Rename(child, callee, rows, stem + "0", depth + 1);
    }
  }

  std::span<const CasperRow> raw_;
  CasperYear year_;
  Rows rows_;
  Ids all_;
  std::unordered_set<std::string_view> known_;
  CasperAnswer answer_;
};

}  // namespace

CasperAnswer CasperTrace(std::span<const CasperRow> rows, CasperYear year) {
  return Trace(rows, year).Run();
}

bool CasperMissing(std::string_view text) {
  static constexpr std::string_view kWords[] = {
      "",     "NA",   "N/A",  "n/a",  "#N/A", "#NA",   "#N/A N/A", "NULL",    "null",  "NaN",
      "nan",  "-NaN", "-nan", "<NA>", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"};
  return std::find(std::begin(kWords), std::end(kWords), text) != std::end(kWords);
}

}  // namespace plumbago::graph
