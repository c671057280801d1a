#include "graph/row_order.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace plumbago::graph {
namespace {

constexpr size_t kHeadBytes = 8;
constexpr size_t kInsertionRows = 24;  // below, insertion sort beats std::sort

uint64_t Head(model::PathView path) {
  uint64_t head = 0;
  if (path.size() >= kHeadBytes) {
    std::memcpy(&head, path.data(), kHeadBytes);
    return __builtin_bswap64(head);
  }
  for (size_t i = 0; i < path.size(); ++i) {
    head |= static_cast<uint64_t>(static_cast<unsigned char>(path[i])) << (56 - 8 * i);
  }
  return head;
}

class Before {
 public:
  Before(std::span<const Row> rows, const model::Names& names) : rows_(rows), names_(names) {}

  bool operator()(const RowKey& a, const RowKey& b) const {
    if (a.head != b.head) return a.head < b.head;
    if (a.size > kHeadBytes || b.size > kHeadBytes) {
      const int order = rows_[a.row].path.compare(rows_[b.row].path);
      if (order != 0) return order < 0;
    } else if (a.size != b.size) {
      return a.size < b.size;
    }
    if (a.start != b.start) return a.start < b.start;
    return Content(*rows_[a.row].call, *rows_[b.row].call);
  }

 private:
  bool Content(const model::Call& a, const model::Call& b) const {
    const auto plain = [](const model::Call& c) {
      return std::tuple(c.side, c.duration_ns, c.kind, c.status, c.from_user, c.span,
                        c.parent_span);
    };
    const auto x = plain(a);
    const auto y = plain(b);
    if (x != y) return x < y;
    const auto texts = [this](const model::Call& c) {
      return std::tuple(
          names_.services.Hash(Index(c.callee)), names_.services.Hash(Index(c.caller)),
          names_.operations.Hash(Index(c.operation)),
          names_.instances.Hash(Index(c.callee_instance)),
          names_.instances.Hash(Index(c.caller_instance)), names_.operations.Hash(Index(c.entry)));
    };
    const auto s = texts(a);
    const auto t = texts(b);
    if (s != t) return s < t;
    // Rows equal in all of these are interchangeable, but for the example that is shown of a
    // duplicate.
    return std::tuple(a.origin.block, a.origin.line) < std::tuple(b.origin.block, b.origin.line);
  }

  std::span<const Row> rows_;
  const model::Names& names_;
};

}  // namespace

void SortRows(std::span<const Row> rows, const model::Names& names, std::vector<RowKey>& order) {
  order.resize(rows.size());
  const Before before(rows, names);
  if (rows.size() > kInsertionRows) {
    for (uint32_t i = 0; i < rows.size(); ++i) {
      order[i] = {Head(rows[i].path), rows[i].call->start_ns, i,
                  static_cast<uint32_t>(rows[i].path.size())};
    }
    std::sort(order.begin(), order.end(), before);
    return;
  }
  for (uint32_t i = 0; i < rows.size(); ++i) {
    const RowKey key{Head(rows[i].path), rows[i].call->start_ns, i,
                     static_cast<uint32_t>(rows[i].path.size())};
    size_t at = i;
    for (; at > 0 && before(key, order[at - 1]); --at) order[at] = order[at - 1];
    order[at] = key;
  }
}

bool SameContent(const model::Call& a, const model::Call& b) {
  return a.start_ns == b.start_ns && a.duration_ns == b.duration_ns && a.side == b.side &&
         a.kind == b.kind && a.caller == b.caller && a.callee == b.callee &&
         a.operation == b.operation && a.entry == b.entry &&
         a.caller_instance == b.caller_instance && a.callee_instance == b.callee_instance &&
         a.status == b.status && a.from_user == b.from_user && a.span == b.span &&
         a.parent_span == b.parent_span;
}

}  // namespace plumbago::graph
