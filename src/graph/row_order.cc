#include "graph/row_order.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace plumbago::graph {
namespace {

// Rows that may be passed while inserting, on average.
constexpr size_t kPassed = 24;
// So far back a place is looked for step by step, then by halving.
constexpr uint32_t kNear = 12;

template <class Word>
uint64_t BigEndian(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return sizeof word == 4 ? __builtin_bswap32(static_cast<uint32_t>(word))
                          : __builtin_bswap64(word);
}

// Sets high, low and size. Loads that overlap instead of a loop over bytes: how many there are
// cannot be predicted.
void SetHead(model::PathView path, RowKey& key) {
  const char* p = path.data();
  const size_t size = path.size();
  key.size = static_cast<uint32_t>(size);
  key.low = 0;
  if (size >= 8) {
    key.high = BigEndian<uint64_t>(p);
    if (size >= 16) {
      key.low = BigEndian<uint64_t>(p + 8);
    } else if (size > 8) {
      key.low = BigEndian<uint64_t>(p + size - 8) << (8 * (16 - size));
    }
  } else if (size >= 4) {
    key.high = BigEndian<uint32_t>(p) << 32 | BigEndian<uint32_t>(p + size - 4) << (8 * (8 - size));
  } else if (size > 0) {
    const auto byte = [p](size_t at) {
      return static_cast<uint64_t>(static_cast<unsigned char>(p[at])) << (56 - 8 * at);
    };
    key.high = byte(0) | byte(size / 2) | byte(size - 1);
  } else {
    key.high = 0;
  }
}

class Before {
 public:
  Before(std::span<const Row> rows, const model::Names& names) : rows_(rows), names_(names) {}

  bool operator()(const RowKey& a, const RowKey& b) const {
    if (a.high != b.high) return a.high < b.high;
    if (a.low != b.low) return a.low < b.low;
    return SameHead(a, b);
  }

 private:
  bool SameHead(const RowKey& a, const RowKey& b) const {
    const Row& x = rows_[a.row];
    const Row& y = rows_[b.row];
    if (a.size > RowKey::kHeadBytes || b.size > RowKey::kHeadBytes) {
      const int order = x.path.compare(y.path);
      if (order != 0) return order < 0;
    } else if (a.size != b.size) {
      return a.size < b.size;
    }
    if (x.call->start_ns != y.call->start_ns) return x.call->start_ns < y.call->start_ns;
    if (x.call->side != y.call->side) return x.call->side < y.call->side;
    if (x.call->duration_ns != y.call->duration_ns)
      return x.call->duration_ns < y.call->duration_ns;
    return Content(*x.call, *y.call);
  }

  bool Content(const model::Call& a, const model::Call& b) const {
    const auto plain = [](const model::Call& c) {
      return std::tuple(c.kind, c.status, c.from_user, c.span, c.parent_span);
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
  RowKey* const keys = order.data();
  size_t passes = kPassed * rows.size();
  for (uint32_t i = 0; i < rows.size(); ++i) {
    keys[i].row = i;
    SetHead(rows[i].path, keys[i]);
    if (i == 0 || !before(keys[i], keys[i - 1])) continue;
    const RowKey key = keys[i];
    // The place is near as a rule, and steps are foretold better than halvings.
    uint32_t at = i - 1;
    const uint32_t near = at - std::min(at, kNear);
    while (at > near && before(key, keys[at - 1])) --at;
    if (at == near && at > 0)
      at = static_cast<uint32_t>(std::upper_bound(keys, keys + at, key, before) - keys);
    if (i - at > passes) {
      for (uint32_t k = i + 1; k < rows.size(); ++k) {
        keys[k].row = k;
        SetHead(rows[k].path, keys[k]);
      }
      std::sort(order.begin(), order.end(), before);
      return;
    }
    passes -= i - at;
    std::memmove(keys + at + 1, keys + at, (i - at) * sizeof key);
    keys[at] = key;
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
