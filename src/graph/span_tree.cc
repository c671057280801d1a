#include "graph/span_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <tuple>

#include "graph/row_order.h"

namespace plumbago::graph {
namespace {

using model::Call;
using model::Damage;
using model::kNoService;
using model::kNoTime;
using model::Side;

// Spans of one id that a child looks at.
constexpr uint32_t kLookAt = 64;

// A client's span is of the service that calls, every other of the service that is called.
model::ServiceId OwnerOf(const Call& call) {
  return call.side == Side::kClient && call.caller != kNoService ? call.caller : call.callee;
}

uint8_t AddRows(uint8_t rows, uint32_t more) {
  return static_cast<uint8_t>(std::min<uint32_t>(255, rows + more));
}

// How badly the child's time fits into that of a candidate: ns that it sticks out.
int64_t Misfit(const Call& above, const Call& child) {
  if (above.start_ns == kNoTime || child.start_ns == kNoTime) return 0;
  const int64_t early = std::max<int64_t>(0, above.start_ns - child.start_ns);
  const int64_t late = child.start_ns - (above.start_ns + std::max<int64_t>(0, above.duration_ns));
  return early + std::max<int64_t>(0, late);
}

}  // namespace

bool SpanTree::Before(const Key& a, const Key& b) const {
  if (a.span != b.span) return a.span < b.span;
  const Call& x = *rows_[a.row].call;
  const Call& y = *rows_[b.row].call;
  const auto plain = [](const Call& c) {
    return std::tuple(c.side, c.start_ns, ~c.duration_ns, c.kind, c.status, c.from_user,
                      c.parent_span);
  };
  const auto p = plain(x);
  const auto q = plain(y);
  if (p != q) return p < q;
  const auto texts = [this](const Call& c) {
    return std::tuple(
        names_.services.Hash(Index(c.callee)), names_.services.Hash(Index(c.caller)),
        names_.operations.Hash(Index(c.operation)), names_.instances.Hash(Index(c.callee_instance)),
        names_.instances.Hash(Index(c.caller_instance)), names_.operations.Hash(Index(c.entry)));
  };
  const auto s = texts(x);
  const auto t = texts(y);
  if (s != t) return s < t;
  const auto a_attributes = rows_[a.row].attributes, b_attributes = rows_[b.row].attributes;
  if (!std::equal(a_attributes.begin(), a_attributes.end(), b_attributes.begin(),
                  b_attributes.end())) {
    return std::lexicographical_compare(a_attributes.begin(), a_attributes.end(),
                                        b_attributes.begin(), b_attributes.end());
  }
  // Equal: which of them is shown as an example.
  return std::tuple(x.origin.block, x.origin.line) < std::tuple(y.origin.block, y.origin.line);
}

void SpanTree::Load(std::span<const Row> rows) {
  rows_ = rows;
  changes_graph_ = false;
  keys_.resize(rows.size());
  for (uint32_t i = 0; i < rows.size(); ++i) keys_[i] = {rows[i].call->span, i};
  std::sort(keys_.begin(), keys_.end(),
            [this](const Key& a, const Key& b) { return Before(a, b); });
  MakeNodes();
  MakeGroups();
}

void SpanTree::MakeNodes() {
  nodes_.clear();
  node_of_row_.resize(rows_.size());
  marks_.assign(rows_.size(), 0);
  bool copies = false;
  for (const Key& key : keys_) {
    const Call& call = *rows_[key.row].call;
    if (!nodes_.empty() && nodes_.back().span == key.span &&
        SameContent(*nodes_.back().call, call)) {
      marks_[key.row] |= kRowDuplicate;
      nodes_.back().rows = AddRows(nodes_.back().rows, 1);
    } else {
      copies |= call.from_store && !nodes_.empty() && nodes_.back().span == key.span;
      SpanNode& node = nodes_.emplace_back();
      node.call = &call;
      node.span = key.span;
      node.parent_span = call.parent_span;
      node.row = key.row;
      node.owner = OwnerOf(call);
      node.side = call.side;
      node.rows = 1;
    }
    node_of_row_[key.row] = static_cast<uint32_t>(nodes_.size()) - 1;
  }
  if (copies) JoinCopies();
  recorded_ = static_cast<uint32_t>(nodes_.size());
}

void SpanTree::JoinCopies() {
  const auto size = static_cast<uint32_t>(nodes_.size());
  const auto key = [this](uint32_t n) {
    const Call& call = *nodes_[n].call;
    return std::tuple(call.from_store, call.side, call.kind, nodes_[n].owner, call.operation);
  };
  stays_.resize(size);
  for (uint32_t i = 0, end = 0; i < size; i = end) {
    same_id_.clear();
    for (end = i; end < size && nodes_[end].span == nodes_[i].span; ++end) {
      same_id_.push_back(end);
      stays_[end] = end;
    }
    if (same_id_.size() == 1 || nodes_[i].span == 0) continue;
    // Ids of names only tell equal from different here: which of equal nodes stays does not hang
    // on them.
    std::sort(same_id_.begin(), same_id_.end(), [&](uint32_t a, uint32_t b) {
      const auto x = key(a), y = key(b);
      if (x != y) return x < y;
      return std::tuple(~nodes_[a].call->duration_ns, a) <
             std::tuple(~nodes_[b].call->duration_ns, b);
    });
    uint32_t longest = same_id_.front();
    for (size_t k = 1; k < same_id_.size(); ++k) {
      const uint32_t n = same_id_[k];
      if (!nodes_[n].call->from_store || key(n) != key(longest)) {
        longest = n;
        continue;
      }
      stays_[n] = longest;
      marks_[nodes_[n].row] |= kRowDuplicate;
      nodes_[longest].rows = AddRows(nodes_[longest].rows, nodes_[n].rows);
    }
  }
  // What stays moves together; `stays_` then says where to.
  uint32_t kept = 0;
  for (uint32_t n = 0; n < size; ++n) {
    if (stays_[n] != n) continue;
    nodes_[kept] = nodes_[n];
    same_id_.resize(std::max<size_t>(same_id_.size(), n + 1));
    same_id_[n] = kept++;
  }
  nodes_.resize(kept);
  for (uint32_t& node : node_of_row_) node = same_id_[stays_[node]];
}

void SpanTree::MakeGroups() {
  groups_.clear();
  for (uint32_t i = 0; i < recorded_;) {
    uint32_t end = i + 1;
    if (nodes_[i].span == 0) {  // without an id: nothing leads to it
      i = end;
      continue;
    }
    while (end < recorded_ && nodes_[end].span == nodes_[i].span) ++end;
    Group group{nodes_[i].span, i, end, kNone};
    if (end - i > 1) {
      // Clients stand before servers in the order of content, unknown sides first.
      if (nodes_[i].side == Side::kClient && nodes_[i + 1].side == Side::kServer) group.client = i;
      if (group.client == kNone || end - i > 2) {
        for (uint32_t n = i; n < end; ++n) nodes_[n].shared = true;
      }
    }
    groups_.push_back(group);
    i = end;
  }
  const size_t size = std::bit_ceil(2 * groups_.size() + 2);
  slot_shift_ = 64u - static_cast<unsigned>(std::countr_zero(size));
  slots_.assign(size, kNone);
  for (uint32_t g = 0; g < groups_.size(); ++g) {
    size_t at = groups_[g].span * 0x9E3779B97F4A7C15ull >> slot_shift_;
    while (slots_[at] != kNone) at = (at + 1) & (size - 1);
    slots_[at] = g;
  }
}

uint32_t SpanTree::FindGroup(uint64_t span) const {
  for (size_t at = span * 0x9E3779B97F4A7C15ull >> slot_shift_;;
       at = (at + 1) & (slots_.size() - 1)) {
    const uint32_t g = slots_[at];
    if (g == kNone || groups_[g].span == span) return g;
  }
}

void SpanTree::LinkNode(uint32_t n, Reading reading) {
  SpanNode& node = nodes_[n];
  node.parent = kNone;
  node.confidence = 1;
  // Halves of an id hang together, whatever the server's row gives as its parent.
  if (node.side == Side::kServer && n > 0 && nodes_[n - 1].span == node.span && node.span != 0) {
    const Group& own = groups_[FindGroup(node.span)];
    if (own.client != kNone) {
      node.parent = own.client;
      node.link = SpanNode::Link::kHalf;
      return;
    }
  }
  if (node.parent_span == 0) {
    node.link = SpanNode::Link::kEntry;
    return;
  }
  const uint32_t found = FindGroup(node.parent_span);
  if (found == kNone) {
    node.link = SpanNode::Link::kLost;
    return;
  }
  const Group& group = groups_[found];
  node.link = SpanNode::Link::kParent;
  // What is below a shared id was called by its server.
  const uint32_t begin = group.client != kNone ? group.client + 1 : group.begin;
  const uint32_t end = std::min(group.end, begin + kLookAt);
  uint32_t best = kNone;
  std::tuple<bool, int64_t, int64_t> best_cost;
  for (uint32_t c = begin; c < end; ++c) {
    if (c == n && group.end - begin > 1) continue;
    const Call& above = *nodes_[c].call;
    const std::tuple<bool, int64_t, int64_t> cost{
        node.call->caller != kNoService && node.call->caller != nodes_[c].owner,
        Misfit(above, *node.call), above.duration_ns};
    if (best != kNone && (reading == Reading::kWritten || cost >= best_cost)) continue;
    best = c;
    best_cost = cost;
  }
  node.parent = best;
  if (group.end - begin > 1 && reading == Reading::kRebuilt)
    node.confidence = 1.0f / static_cast<float>(group.end - begin);
}

void SpanTree::OpenCircles() {
  circles_.clear();
  seen_.assign(nodes_.size(), 0);
  for (uint32_t n = 0; n < recorded_; ++n) {
    const uint32_t walk = n + 1;
    uint32_t at = n;
    while (at != kNone && seen_[at] == 0) {
      seen_[at] = walk;
      at = nodes_[at].parent;
    }
    if (at == kNone || seen_[at] != walk) continue;
    const auto rank = [this](uint32_t i) { return std::tuple(nodes_[i].call->start_ns, i); };
    uint32_t first = at;
    for (uint32_t i = nodes_[at].parent; i != at; i = nodes_[i].parent) {
      if (rank(i) < rank(first)) first = i;
    }
    nodes_[first].parent = kNone;
    nodes_[first].link = SpanNode::Link::kCut;
    circles_.push_back(first);
  }
}

// A node for each id that leads nowhere. It is of the service that its children's rows name, where
// they do: a client's span has a parent in its own service. It hangs below the trace's entry, if
// there is but one: the entry caused all of the trace, only the way is not known.
void SpanTree::AddLost() {
  orphans_.clear();
  uint32_t entry = kNone;
  uint32_t entries = other_roots_;
  for (uint32_t n = 0; n < recorded_; ++n) {
    const SpanNode& node = nodes_[n];
    if (node.link == SpanNode::Link::kLost) orphans_.push_back(n);
    if (node.link != SpanNode::Link::kEntry) continue;
    ++entries;
    entry = n;
  }
  if (orphans_.empty()) return;
  if (orphans_.size() == 1 && entries == 0 && circles_.empty()) return;  // the trace's only root
  std::sort(orphans_.begin(), orphans_.end(), [this](uint32_t a, uint32_t b) {
    return std::tuple(nodes_[a].parent_span, a) < std::tuple(nodes_[b].parent_span, b);
  });
  starts_.clear();
  ends_.clear();
  for (uint32_t n = 0; n < recorded_; ++n) {
    const Call& call = *nodes_[n].call;
    if (call.start_ns == kNoTime || call.duration_ns == kNoTime) continue;
    starts_.push_back(call.start_ns);
    ends_.push_back(call.start_ns + call.duration_ns);
  }
  std::sort(starts_.begin(), starts_.end());
  std::sort(ends_.begin(), ends_.end());
  for (size_t i = 0; i < orphans_.size();) {
    SpanNode lost;
    lost.span = nodes_[orphans_[i]].parent_span;
    uint64_t best = 0;
    int64_t start = kNoTime;
    size_t end = i;
    const auto index = static_cast<uint32_t>(nodes_.size());
    for (; end < orphans_.size() && nodes_[orphans_[end]].parent_span == lost.span; ++end) {
      SpanNode& node = nodes_[orphans_[end]];
      node.parent = index;
      const model::ServiceId named = node.side == Side::kClient ? node.owner : node.call->caller;
      if (named != kNoService) {
        // The one of the lowest hash: of several names no one is better, and this is the same in
        // any order.
        const uint64_t hash = names_.services.Hash(Index(named));
        if (lost.owner == kNoService || hash < best) {
          best = hash;
          lost.owner = named;
        }
      }
      if (node.call->start_ns != kNoTime && (start == kNoTime || node.call->start_ns < start))
        start = node.call->start_ns;
    }
    if (entries == 1 && entry != kNone) {
      lost.parent = entry;
      // Each span at work at that time could have led here.
      const auto begun = std::upper_bound(starts_.begin(), starts_.end(), start) - starts_.begin();
      const auto ended = std::lower_bound(ends_.begin(), ends_.end(), start) - ends_.begin();
      lost.confidence = 1.0f / static_cast<float>(std::max<std::ptrdiff_t>(1, begun - ended));
    }
    nodes_.push_back(lost);
    i = end;
  }
}

void SpanTree::MakeOrder() {
  const auto size = static_cast<uint32_t>(nodes_.size());
  first_child_.assign(size, kNone);
  next_sibling_.assign(size, kNone);
  order_.clear();
  for (uint32_t n = size; n-- > 0;) {
    if (nodes_[n].parent == kNone) continue;
    next_sibling_[n] = first_child_[nodes_[n].parent];
    first_child_[nodes_[n].parent] = n;
  }
  for (uint32_t n = 0; n < size; ++n) {
    if (nodes_[n].parent == kNone) order_.push_back(n);
  }
  for (size_t i = 0; i < order_.size(); ++i) {
    for (uint32_t c = first_child_[order_[i]]; c != kNone; c = next_sibling_[c])
      order_.push_back(c);
  }
}

void SpanTree::Link(Reading reading) {
  nodes_.resize(recorded_);
  for (uint32_t n = 0; n < recorded_; ++n) LinkNode(n, reading);
  OpenCircles();
  if (reading == Reading::kRebuilt && changes_graph_) AddLost();
  MakeOrder();
}

template <class Text>
void SpanTree::Count(uint32_t row, Damage damage, model::DamageCounts& counts, const Text& text) {
  const model::Origin& origin = rows_[row].call->origin;
  if (counts.WantsExample(damage, origin)) {
    counts.Add(damage, model::Example{origin, 0, text(), {}});
  } else {
    counts.Add(damage);
  }
}

FoundDamage SpanTree::FindDamage(uint32_t other_roots, model::DamageCounts& counts) {
  FoundDamage found;
  other_roots_ = other_roots;
  uint32_t roots = other_roots;
  for (uint32_t n = 0; n < recorded_; ++n) roots += nodes_[n].parent == kNone ? 1 : 0;
  for (const uint32_t n : circles_) {
    found.changes_graph = true;
    marks_[nodes_[n].row] |= kRowOrphan;
    Count(nodes_[n].row, Damage::kCircle, counts, [&] {
      return fmt::format("span {:016x} is below itself by the ids of parents", nodes_[n].span);
    });
  }
  for (uint32_t n = 0; n < recorded_; ++n) {
    const SpanNode& node = nodes_[n];
    const Call& call = *node.call;
    if (node.shared) {
      found.changes_graph = true;
      marks_[node.row] |= kRowShared;
      if (n > 0 && nodes_[n - 1].span == node.span) {
        Count(node.row, Damage::kPropagation, counts,
              [&] { return fmt::format("id {:016x} stands for several spans", node.span); });
      }
    }
    if (node.link == SpanNode::Link::kLost && roots > 1) {
      found.changes_graph = true;
      marks_[node.row] |= kRowOrphan;
      Count(node.row, Damage::kMissingParent, counts, [&] {
        return fmt::format("no row has the id {:016x} of the span that made {:016x}",
                           node.parent_span, node.span);
      });
    }
    if (node.owner == kNoService) {
      found.changes_graph = true;
      marks_[node.row] |= kRowUnknownName;
      Count(node.row, Damage::kUnknownName, counts,
            [&] { return fmt::format("span {:016x} names no service", node.span); });
    }
    if (node.parent == kNone || node.side == Side::kClient || call.caller == kNoService) continue;
    if (NamesQueue(call)) continue;
    const model::ServiceId above = nodes_[node.parent].owner;
    if (above == kNoService || above == call.caller) continue;
    found.changes_graph = true;
    marks_[node.row] |= kRowConflict;
    Count(node.row, Damage::kConflictingCaller, counts, [&] {
      return fmt::format("the caller of span {:016x} is {}, and its parent is a span of {}",
                         node.span, names_.Text(call.caller), names_.Text(above));
    });
  }
  for (uint32_t row = 0; row < marks_.size(); ++row) {
    found.damaged_rows += marks_[row] != 0 ? 1 : 0;
    if ((marks_[row] & kRowDuplicate) == 0) continue;
    ++found.duplicates;
    const Call& call = *rows_[row].call;
    if (call.from_store) {
      Count(row, Damage::kCopy, counts, [&] {
        const Call& kept = *nodes_[node_of_row_[row]].call;
        if (kept.start_ns == call.start_ns && kept.duration_ns == call.duration_ns)
          return fmt::format("span {:016x} was delivered again", call.span);
        return fmt::format(
            "span {:016x} was delivered again with other times: {} ns at {}, {} ns "
            "at {}",
            call.span, kept.duration_ns, kept.start_ns, call.duration_ns, call.start_ns);
      });
      continue;
    }
    Count(row, Damage::kDuplicate, counts,
          [&] { return fmt::format("the row of span {:016x} stands again", call.span); });
  }
  changes_graph_ = found.changes_graph;
  return found;
}

}  // namespace plumbago::graph
