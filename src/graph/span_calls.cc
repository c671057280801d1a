#include "graph/span_calls.h"

#include <algorithm>

namespace plumbago::graph {
namespace {

using model::Call;
using model::Kind;
using model::kNoService;
using model::kNoTime;
using model::Side;

Interval TimeOf(const Call& call) { return {call.start_ns, call.duration_ns}; }

// A server's span ends when its answer is flushed, which may be after the client has it, and two
// hosts have two clocks: in one set of two systems without marked sides 15 % of the servers' spans
// stick out of their client's, half of them by less than 0.3 ms, nine in ten by less than 1 ms.
constexpr int64_t kSlack = 2'000'000;

bool Within(const Call& inner, const Call& outer) {
  const Interval a = TimeOf(inner);
  const Interval b = TimeOf(outer);
  if (!a.known() || !b.known()) return false;
  // A short span that starts something and does not wait for it is no client's half.
  const int64_t slack = std::min(kSlack, b.duration_ns / 2);
  return a.start_ns >= b.start_ns - slack && a.end_ns() <= b.end_ns() + slack;
}

bool SameService(const SpanTree& tree, uint32_t node) {
  const SpanNode& n = tree.nodes()[node];
  return n.parent != kNone && n.owner == tree.nodes()[n.parent].owner;
}

// The instance of the service that a span is of.
model::InstanceId OwnInstance(const SpanNode& node) {
  if (node.call == nullptr) return model::kNoInstance;
  const bool client = node.side == Side::kClient && node.call->caller != kNoService;
  return client ? node.call->caller_instance : node.call->callee_instance;
}

// What a service does with a message that it has taken from a queue, below the span that took it.
bool OfTakenMessage(const SpanTree& tree, uint32_t node) {
  const SpanNode& n = tree.nodes()[node];
  if (n.call == nullptr || !NamesQueue(*n.call) || !SameService(tree, node)) return false;
  const SpanNode& above = tree.nodes()[n.parent];
  return above.call != nullptr && NamesQueue(*above.call);
}

// A call from one service to another is not internal, whatever its spans say.
Kind CallKind(Kind kind) { return kind == Kind::kInternal ? Kind::kUnknown : kind; }

void AddTime(const Call& call, DraftCall& draft) {
  if (call.start_ns != kNoTime && (draft.start_ns == kNoTime || call.start_ns < draft.start_ns))
    draft.start_ns = call.start_ns;
  draft.duration_ns = std::max(draft.duration_ns, call.duration_ns);
}

}  // namespace

void SpanCalls::AddNode(const SpanNode& node, DraftCall& draft) const {
  draft.first_row = std::min(draft.first_row, node.row);
  draft.rows = static_cast<uint8_t>(std::min(255, draft.rows + node.rows));
  draft.status = std::max(draft.status, node.call->status);
  draft.from_user |= node.call->from_user;
  draft.shared |= node.shared;
  if (node.shared && rebuilt_) draft.mended |= kMendedSplit;
  AddTime(*node.call, draft);
}

void SpanCalls::SetLink(const SpanNode& node, DraftCall& draft) const {
  draft.confidence = node.confidence;
  const bool lost = node.link == SpanNode::Link::kLost && node.parent != kNone;
  if (rebuilt_ && node.call != nullptr && (lost || node.confidence < 1))
    draft.mended |= kMendedLink;
}

// What is below a client's span was called by the caller, but for what is of another service: that
// was done by a callee without a span of its own.
uint32_t SpanCalls::CallAbove(const SpanTree& tree, uint32_t n) const {
  const uint32_t above = tree.nodes()[n].parent;
  if (above == kNone) return kNone;
  const bool by_callee =
      role_[above] == Role::kClient && pair_[above] == kNone && !SameService(tree, n);
  return by_callee ? home_[above] : host_[above];
}

void SpanCalls::Make(const SpanTree& tree, bool rebuilt) {
  rebuilt_ = rebuilt;
  const size_t size = tree.nodes().size();
  drafts_.clear();
  node_of_.clear();
  folded_rows_ = inferred_ = from_queues_ = 0;
  host_.assign(size, kNone);
  home_.assign(size, kNone);
  in_client_.assign(size, 0);
  FindRoles(tree);
  FindPairs(tree);
  FindReach(tree);
  for (const uint32_t n : tree.order()) {
    const SpanNode& node = tree.nodes()[n];
    const uint32_t above = node.parent;
    if (role_[n] == Role::kServer) {
      MakeServer(tree, n);
      continue;
    }
    const bool inside = above != kNone && in_client_[above] != 0 && SameService(tree, n);
    if (role_[n] == Role::kClient && !inside && (pair_[n] != kNone || reaches_[n] == 0)) {
      MakeClient(tree, n);
      continue;
    }
    // Internal: folded. It has a parent, since roots are servers or clients that are calls.
    role_[n] = Role::kInternal;
    host_[n] = CallAbove(tree, n);
    home_[n] = host_[n] != kNone ? host_[n] : home_[above];
    in_client_[n] = inside ? 1 : 0;
    folded_rows_ += node.rows;
  }
  CoverLost();
}

void SpanCalls::FindRoles(const SpanTree& tree) {
  role_.resize(tree.nodes().size());
  for (uint32_t n = 0; n < role_.size(); ++n) {
    const SpanNode& node = tree.nodes()[n];
    if (node.side == Side::kClient) {
      role_[n] = Role::kClient;
    } else if (OfTakenMessage(tree, n)) {
      role_[n] = Role::kInternal;
    } else if (node.side == Side::kServer || !SameService(tree, n)) {
      role_[n] = Role::kServer;
    } else {
      role_[n] = Role::kInternal;
    }
  }
}

void SpanCalls::FindPairs(const SpanTree& tree) {
  pair_.assign(tree.nodes().size(), kNone);
  for (uint32_t n = 0; n < pair_.size(); ++n) {
    const SpanNode& node = tree.nodes()[n];
    if (role_[n] == Role::kServer || node.call == nullptr) continue;
    uint32_t best = kNone;
    uint32_t children = 0;
    for (uint32_t c = tree.first_child(n); c != kNone; c = tree.next_sibling(c)) {
      ++children;
      const SpanNode& child = tree.nodes()[c];
      if (role_[c] != Role::kServer || child.call == nullptr) continue;
      // The half of the same id before any other.
      const bool half = child.link == SpanNode::Link::kHalf;
      if (best != kNone) {
        const bool best_half = tree.nodes()[best].link == SpanNode::Link::kHalf;
        if (half < best_half) continue;
        if (half == best_half && child.call->start_ns >= tree.nodes()[best].call->start_ns)
          continue;
      }
      best = c;
    }
    if (best == kNone) continue;
    if (role_[n] == Role::kInternal) {
      if (children != 1 || SameService(tree, best) || node.call->kind == Kind::kInternal ||
          node.side == Side::kServer || !Within(*tree.nodes()[best].call, *node.call)) {
        continue;
      }
      role_[n] = Role::kClient;
      ++inferred_;
    } else if (node.parent == kNone && children != 1) {
      role_[n] = Role::kServer;  // a root that does more than one call
      continue;
    }
    pair_[n] = best;
    pair_[best] = n;
  }
}

void SpanCalls::FindReach(const SpanTree& tree) {
  reaches_.assign(tree.nodes().size(), 0);
  const std::span<const uint32_t> order = tree.order();
  for (size_t i = order.size(); i-- > 0;) {
    const uint32_t n = order[i];
    const uint32_t above = tree.nodes()[n].parent;
    if (above == kNone) {
      // A root reached a server through work of its own.
      if (role_[n] == Role::kClient && pair_[n] == kNone && reaches_[n] != 0)
        role_[n] = Role::kServer;
      continue;
    }
    const bool reached = role_[n] == Role::kServer ||
                         (SameService(tree, n) && (pair_[n] != kNone || reaches_[n] != 0));
    if (reached) reaches_[above] = 1;
  }
}

void SpanCalls::MakeServer(const SpanTree& tree, uint32_t n) {
  const SpanNode& node = tree.nodes()[n];
  const bool paired = pair_[n] != kNone;
  if (!paired) {
    home_[n] = static_cast<uint32_t>(drafts_.size());
    DraftCall& draft = drafts_.emplace_back();
    node_of_.push_back(n);
    SetLink(node, draft);
    if (node.parent != kNone) {
      draft.parent = CallAbove(tree, n);
      draft.caller = tree.nodes()[node.parent].owner;
      draft.caller_instance = OwnInstance(tree.nodes()[node.parent]);
    }
  } else {
    home_[n] = home_[pair_[n]];
  }
  host_[n] = home_[n];
  DraftCall& draft = drafts_[home_[n]];
  draft.callee = node.owner;
  if (node.call == nullptr) {
    draft.mended |= kMendedInserted;
    return;
  }
  const Call& call = *node.call;
  AddNode(node, draft);
  draft.server = TimeOf(call);
  if (call.operation != model::kNoOperation) draft.operation = call.operation;
  if (call.entry != model::kNoOperation) draft.entry = call.entry;
  if (CallKind(call.kind) != Kind::kUnknown) draft.kind = CallKind(call.kind);
  if (OwnInstance(node) != model::kNoInstance) draft.callee_instance = OwnInstance(node);
  const bool as_client = node.side == Side::kClient;  // a root that is its service's entry
  if (as_client) return;
  if (call.caller_instance != model::kNoInstance && draft.caller_instance == model::kNoInstance)
    draft.caller_instance = call.caller_instance;
  if (call.caller == kNoService || call.caller == draft.caller) return;
  // A queue is the caller where no producer's span is above: of a root, and of a service that polls
  // below work of its own.
  const bool queue = NamesQueue(call);
  if (queue && draft.caller != kNoService && (paired || draft.caller != node.owner)) return;
  if (draft.caller == kNoService || queue) {
    draft.caller = call.caller;
    if (queue) {
      draft.caller_instance = model::kNoInstance;
      ++from_queues_;
    }
  } else if (!rebuilt_) {
    draft.other_caller = draft.caller;
    draft.caller = call.caller;
  } else {
    draft.mended |= kMendedCaller;
  }
}

void SpanCalls::MakeClient(const SpanTree& tree, uint32_t n) {
  const SpanNode& node = tree.nodes()[n];
  const Call& call = *node.call;
  const auto index = static_cast<uint32_t>(drafts_.size());
  DraftCall& draft = drafts_.emplace_back();
  node_of_.push_back(n);
  SetLink(node, draft);
  draft.parent = CallAbove(tree, n);
  AddNode(node, draft);
  draft.client = TimeOf(call);
  draft.caller = node.owner;
  draft.caller_instance = OwnInstance(node);
  draft.operation = call.operation;
  draft.entry = call.entry;
  draft.kind = CallKind(call.kind);
  const bool names_callee = node.side == Side::kClient && call.caller != kNoService;
  if (pair_[n] == kNone) {
    in_client_[n] = 1;
    if (names_callee) {
      draft.callee = call.callee;
      draft.callee_instance = call.callee_instance;
    }
  } else if (names_callee) {
    draft.callee_instance = call.callee_instance;
  }
  home_[n] = index;
  host_[n] = draft.parent;
  if (pair_[n] == kNone) {
    // A callee without a server's span, but with spans of its own below.
    for (uint32_t c = tree.first_child(n); c != kNone; c = tree.next_sibling(c)) {
      if (SameService(tree, c)) continue;
      drafts_[index].callee = tree.nodes()[c].owner;
      break;
    }
  }
}

void SpanCalls::CoverLost() {
  // An inserted call lasts as long as what it made; those stand behind it.
  for (size_t d = drafts_.size(); d-- > 0;) {
    const DraftCall& from = drafts_[d];
    if (from.parent == kNone || (drafts_[from.parent].mended & kMendedInserted) == 0) continue;
    if (from.start_ns == kNoTime) continue;
    DraftCall& lost = drafts_[from.parent];
    const int64_t last = std::max(lost.timed() ? lost.start_ns + lost.duration_ns : kNoTime,
                                  from.timed() ? from.start_ns + from.duration_ns : from.start_ns);
    lost.start_ns =
        lost.start_ns == kNoTime ? from.start_ns : std::min(lost.start_ns, from.start_ns);
    lost.duration_ns = last - lost.start_ns;
    if (lost.entry == model::kNoOperation) lost.entry = from.entry;
  }
}

void SpanCalls::MarkCertain(const SpanTree& tree, std::vector<uint8_t>& certain) {
  sure_.assign(tree.nodes().size(), 0);
  for (const uint32_t n : tree.order()) {
    const SpanNode& node = tree.nodes()[n];
    const bool lost = node.link == SpanNode::Link::kLost && node.parent != kNone;
    sure_[n] = node.call != nullptr && node.confidence == 1 && !lost &&
               node.link != SpanNode::Link::kCut &&
               (node.parent == kNone || sure_[node.parent] != 0);
  }
  certain.resize(drafts_.size());
  for (size_t d = 0; d < drafts_.size(); ++d) certain[d] = sure_[node_of_[d]];
}

}  // namespace plumbago::graph
