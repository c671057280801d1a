#include "graph/caller_inference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "graph/link_evidence.h"

namespace plumbago::graph {
namespace {

using Kind = CallerChoice::Kind;
using model::kNoService;

constexpr uint32_t kMaxAtId = 48;       // candidates at the written id that are weighed together
constexpr uint32_t kMaxElsewhere = 16;  // ... and elsewhere
constexpr int64_t kStartSlack = 3'000'000;

double LogSum(std::span<const double> values) {
  double top = -std::numeric_limits<double>::infinity();
  for (const double v : values) top = std::max(top, v);
  if (!std::isfinite(top)) return top;
  double sum = 0;
  for (const double v : values) sum += std::exp(v - top);
  return top + std::log(sum);
}

}  // namespace

void CallerInference::Infer(const TraceDraft& trace, std::vector<CallerChoice>& choices) {
  trace_ = &trace;
  choices_ = &choices;
  choices.assign(trace.drafts.size(), {});
  log_calls_ = std::log(static_cast<double>(std::max<size_t>(1, trace.drafts.size())));
  by_callee_ready_ = false;
  CollectMembers();
  const auto same_place = [](const Member& a, const Member& b) {
    return a.above == b.above && (a.above != kNone || a.lost_path == b.lost_path);
  };
  for (size_t i = 0; i < members_.size();) {
    size_t place_end = i + 1;
    while (place_end < members_.size() && same_place(members_[i], members_[place_end])) ++place_end;
    const size_t siblings = place_end - i;
    while (i < place_end) {
      size_t end = i + 1;
      while (end < place_end && members_[end].caller == members_[i].caller &&
             members_[end].other == members_[i].other) {
        ++end;
      }
      Family({members_.data() + i, end - i}, siblings);
      i = end;
    }
  }
}

void CallerInference::CollectMembers() {
  const TraceDraft& trace = *trace_;
  members_.clear();
  named_below_.assign(trace.groups.size(), 0);
  entry_like_.assign(trace.groups.size(), 0);
  for (uint32_t d = 0; d < trace.drafts.size(); ++d) {
    const DraftCall& draft = trace.drafts[d];
    const PathGroup& group = trace.GroupOf(draft);
    Member member;
    member.draft = d;
    member.above = group.parent;
    if (group.parent == kNone) {
      member.lost_path = model::ParentPath(draft.path);
    } else if (draft.parent != kNone) {
      const model::ServiceId callee = trace.drafts[draft.parent].callee;
      if (callee == kNoService || draft.Names(callee)) named_below_[group.parent] = 1;
    }
    member.caller = Index(draft.caller);
    member.other = Index(draft.other_caller);
    if (member.other < member.caller) std::swap(member.caller, member.other);
    if (IsEntryLike(draft) && entry_like_[draft.group] < 2) ++entry_like_[draft.group];
    members_.push_back(member);
  }
  std::sort(members_.begin(), members_.end(), [](const Member& a, const Member& b) {
    if (a.above != b.above) return a.above < b.above;
    if (a.above == kNone) {
      const int order = a.lost_path.compare(b.lost_path);
      if (order != 0) return order < 0;
    }
    return std::tuple(a.caller, a.other, a.draft) < std::tuple(b.caller, b.other, b.draft);
  });
}

void CallerInference::CollectByCallee() {
  if (by_callee_ready_) return;
  by_callee_ready_ = true;
  by_callee_.clear();
  for (uint32_t d = 0; d < trace_->drafts.size(); ++d) {
    const DraftCall& draft = trace_->drafts[d];
    if (draft.callee != kNoService) by_callee_.push_back({Index(draft.callee), draft.start_ns, d});
  }
  std::sort(by_callee_.begin(), by_callee_.end(), [](const ByCallee& a, const ByCallee& b) {
    return std::tuple(a.callee, a.start, a.draft) < std::tuple(b.callee, b.start, b.draft);
  });
}

// The id above holds one call, nobody here shares an id, names and times agree: as written.
bool CallerInference::Plain(std::span<const Member> members) {
  const TraceDraft& trace = *trace_;
  const Member& first = members.front();
  if (first.above == kNone || trace.groups[first.above].size() != 1) return false;
  const DraftCall& above = trace.drafts[trace.groups[first.above].begin];
  if (model::IsStateful(above.kind)) return false;
  const bool named = above.callee != kNoService && trace.drafts[first.draft].caller != kNoService;
  if (named && !trace.drafts[first.draft].Names(above.callee)) return false;
  for (const Member& member : members) {
    if (trace.drafts[member.draft].shared || TimeEvidence(above, trace.drafts[member.draft]) < -3)
      return false;
  }
  for (const Member& member : members) {
    CallerChoice& choice = (*choices_)[member.draft];
    choice.kind = choice.safe_kind = Kind::kCall;
    choice.parent = choice.safe_parent = trace.groups[first.above].begin;
    choice.confidence = named ? 0.999f : 0.99f;
  }
  return true;
}

void CallerInference::Family(std::span<const Member> members, size_t lost_siblings) {
  if (Plain(members)) return;
  const Member& first = members.front();
  const uint32_t at_id = first.above == kNone ? 0 : trace_->groups[first.above].size();
  CollectByCallee();
  if (at_id > kMaxAtId || members.size() > 4096) {
    for (const Member& member : members) {
      Candidates(member, {&member, 1}, kMaxAtId);
      Weigh({&member, 1}, lost_siblings);
      Choose({&member, 1});
    }
    return;
  }
  Candidates(first, members, kMaxAtId);
  Weigh(members, lost_siblings);
  Choose(members);
}

void CallerInference::Candidates(const Member& member, std::span<const Member> members,
                                 uint32_t limit) {
  const TraceDraft& trace = *trace_;
  options_.clear();
  if (member.above != kNone) {
    const PathGroup& group = trace.groups[member.above];
    uint32_t begin = group.begin;
    uint32_t end = group.end;
    if (group.size() > limit) {
      // Those that began last before the callee, and a few after.
      const int64_t start = trace.drafts[member.draft].start_ns + kStartSlack;
      const auto* const drafts = trace.drafts.data();
      const auto* const at =
          std::upper_bound(drafts + begin, drafts + end, start,
                           [](int64_t s, const DraftCall& d) { return s < d.start_ns; });
      const auto split = static_cast<uint32_t>(at - drafts);
      const uint32_t after = limit / 4;
      end = std::min(group.end, split + after);
      begin = end - group.begin > limit ? end - limit : group.begin;
    }
    for (uint32_t d = begin; d < end; ++d) options_.push_back({Kind::kCall, d, true, true});
  }
  AddElsewhere(member.caller, member, members.size() == 1, kMaxElsewhere);
  if (member.other != member.caller)
    AddElsewhere(member.other, member, members.size() == 1, kMaxElsewhere);
  options_.push_back({Kind::kEntry, kNone, true, true});
  options_.push_back({Kind::kLost, kNone, true, true});
}

void CallerInference::AddElsewhere(uint32_t callee, const Member& member, bool single,
                                   uint32_t limit) {
  if (callee == 0) return;
  const auto less = [](const ByCallee& a, const std::pair<uint32_t, int64_t>& b) {
    return std::pair(a.callee, a.start) < b;
  };
  const auto begin = std::lower_bound(by_callee_.begin(), by_callee_.end(),
                                      std::pair(callee, std::numeric_limits<int64_t>::min()), less);
  auto end = std::lower_bound(begin, by_callee_.end(),
                              std::pair(callee + 1, std::numeric_limits<int64_t>::min()), less);
  auto from = begin;
  if (end - begin > static_cast<std::ptrdiff_t>(limit)) {
    // Too many to weigh: for a call alone those that began last before it, for a family none (any
    // would do as well).
    if (!single) return;
    end = std::lower_bound(
        begin, end, std::pair(callee, trace_->drafts[member.draft].start_ns + kStartSlack), less);
    from = end - begin > static_cast<std::ptrdiff_t>(limit) ? end - limit : begin;
  }
  for (; from != end; ++from) {
    if (member.above != kNone && trace_->drafts[from->draft].group == member.above) continue;
    options_.push_back({Kind::kCall, from->draft, false, true});
  }
}

void CallerInference::Weigh(std::span<const Member> members, size_t lost_siblings) {
  const TraceDraft& trace = *trace_;
  const Member& first = members.front();
  const bool has_above = first.above != kNone;
  const uint32_t at_id = has_above ? trace.groups[first.above].size() : 0;
  const size_t width = options_.size();
  cells_.assign(members.size() * width, {});
  for (size_t m = 0; m < members.size(); ++m) {
    const DraftCall& callee = trace.drafts[members[m].draft];
    const PathGroup& group = trace.GroupOf(callee);
    const bool root = group.ancestor == kNone;
    const bool has_id_above = has_above || !members[m].lost_path.empty();
    Cell* const cells = cells_.data() + m * width;
    double durations = 0;
    int measured = 0;
    for (size_t o = 0; o < width; ++o) {
      const Option& option = options_[o];
      Cell& cell = cells[o];
      if (option.kind == Kind::kEntry) {
        // An entry has nothing above it: it is a root, and the only one, or it names no caller.
        cell.open = !has_id_above || (root && (group.roots <= 1 || callee.caller == kNoService));
        if (!has_id_above && callee.caller != kNoService) {
          const bool another = entry_like_[callee.group] > (IsEntryLike(callee) ? 1 : 0);
          cell.each = another ? kWeights.entry_named_shared : kWeights.entry_named;
        }
        continue;
      }
      if (option.kind == Kind::kLost) {
        cell.open = has_id_above && !(root && group.roots <= 1);
        if (root) {
          cell.once = kWeights.lost_root;
        } else if (!has_above) {
          cell.once = kWeights.lost + (lost_siblings > 1 ? kWeights.lost_again : 0);
        } else {
          cell.once = kWeights.lost_beside + (at_id > 1 ? kWeights.lost_beside_shared : 0);
        }
        continue;
      }
      if (option.draft == members[m].draft) continue;
      const DraftCall& caller = trace.drafts[option.draft];
      cell.open = true;
      if (!option.on_path) {
        cell.each += kWeights.elsewhere + kWeights.per_log_calls * log_calls_;
        if (callee.shared) cell.each += kWeights.shared_callee;
        if (caller.group == callee.group) {
          cell.each += kWeights.same_id;
        } else if (caller.shared) {
          cell.each += kWeights.shared_caller;
        }
      }
      if (callee.caller == kNoService) {
        // Says nothing.
      } else if (caller.callee == kNoService) {
        cell.once += kWeights.unnamed;
        cell.each += kWeights.unnamed_each;
      } else {
        cell.each += callee.Names(caller.callee) ? kWeights.name : kWeights.conflict;
      }
      if (model::IsStateful(caller.kind)) cell.once += kWeights.stateful;
      cell.each += TimeEvidence(caller, callee);
      double duration = 0;
      if (DurationEvidence(caller, callee, duration)) {
        durations += duration;
        ++measured;
      }
    }
    if (measured == 0) continue;
    const double mean = durations / measured;
    for (size_t o = 0; o < width; ++o) {
      double duration = 0;
      if (options_[o].kind == Kind::kCall && cells[o].open &&
          DurationEvidence(trace.drafts[options_[o].draft], callee, duration)) {
        cells[o].each += duration - mean;
      }
    }
  }
}

void CallerInference::Choose(std::span<const Member> members) {
  const TraceDraft& trace = *trace_;
  const size_t width = options_.size();
  constexpr double kNever = -std::numeric_limits<double>::infinity();

  // Each alone.
  single_.resize(members.size() * width);
  evidence_.resize(members.size());
  double alone = 0;
  for (size_t m = 0; m < members.size(); ++m) {
    double* const p = single_.data() + m * width;
    for (size_t o = 0; o < width; ++o) {
      const Cell& cell = cells_[m * width + o];
      p[o] = cell.open ? cell.each + cell.once : kNever;
      options_[o].common &= cell.open;
    }
    evidence_[m] = LogSum({p, width});
    alone += evidence_[m];
  }

  // All made by the same call.
  double together = 0;
  const Member& first = members.front();
  bool joinable = members.size() > 1;
  if (joinable && first.above != kNone && trace.groups[first.above].size() == 1) {
    // Names may be wrong often, and alike; but if nobody here names the one call above, another one
    // may stand behind its id.
    joinable = named_below_[first.above] == 0;
  }
  if (joinable) {
    joint_.assign(width, kNever);
    for (size_t o = 0; o < width; ++o) {
      if (!options_[o].common) continue;
      joint_[o] = cells_[o].once;
      for (size_t m = 0; m < members.size(); ++m) joint_[o] += cells_[m * width + o].each;
    }
    const double evidence = LogSum(joint_);
    if (std::isfinite(evidence)) {
      for (double& j : joint_) j -= evidence;
      together = 1 / (1 + std::exp(std::clamp(alone - evidence - kWeights.together, -50.0, 50.0)));
    }
  }

  for (size_t m = 0; m < members.size(); ++m) {
    const double* const p = single_.data() + m * width;
    CallerChoice& choice = (*choices_)[members[m].draft];
    size_t best = width;
    size_t safe = width;
    double best_share = -1;
    double safe_share = -1;
    for (size_t o = 0; o < width; ++o) {
      if (!cells_[m * width + o].open) continue;
      double share = (1 - together) * std::exp(p[o] - evidence_[m]);
      if (together > 0) share += together * std::exp(joint_[o]);
      if (share > best_share) {
        best = o;
        best_share = share;
      }
      if (options_[o].on_path && share > safe_share) {
        safe = o;
        safe_share = share;
      }
    }
    choice.candidates = first.above == kNone ? 0 : trace.groups[first.above].size();
    if (best == width) continue;  // an entry
    choice.kind = options_[best].kind;
    choice.parent = options_[best].draft;
    choice.off_path = !options_[best].on_path;
    choice.beside = choice.kind == Kind::kLost && first.above != kNone;
    choice.confidence = static_cast<float>(best_share);
    choice.decided = best_share >= kWeights.decided;
    if (safe != width) {
      choice.safe_kind = options_[safe].kind;
      choice.safe_parent = options_[safe].draft;
    }
  }
}

}  // namespace plumbago::graph
