#include "graph/lost_calls.h"

#include <algorithm>
#include <tuple>

#include "graph/link_evidence.h"

namespace plumbago::graph {

using model::PathView;

void LostCalls::Insert(const TraceDraft& trace, const std::vector<CallerChoice>& choices,
                       std::vector<DraftCall>& drafts) {
  requests_.clear();
  lost_.clear();
  CollectRequests(trace, choices);
  if (requests_.empty()) return;
  std::sort(requests_.begin(), requests_.end(), [](const Request& a, const Request& b) {
    return std::tie(a.path, a.name_hash, a.callee) < std::tie(b.path, b.name_hash, b.callee);
  });
  // Those asked for only by a lost call stand last in their run (callee is kNone).
  for (size_t i = 0; i < requests_.size();) {
    size_t end = i + 1;
    while (end < requests_.size() && requests_[end].path == requests_[i].path &&
           requests_[end].name_hash == requests_[i].name_hash) {
      ++end;
    }
    const auto index = static_cast<uint32_t>(drafts.size());
    lost_.push_back({requests_[i].path, requests_[i].name_hash, index});
    DraftCall lost;
    lost.path = requests_[i].path;
    lost.mended = kMendedInserted;
    lost.callee =
        requests_[i].name != model::kNoService ? requests_[i].name : MostNamed(drafts, i, end);
    for (size_t k = i; k < end && requests_[k].callee != kNone; ++k) {
      DraftCall& callee = drafts[requests_[k].callee];
      callee.parent = index;
      const int64_t last =
          std::max(lost.timed() ? lost.start_ns + lost.duration_ns : model::kNoTime,
                   callee.timed() ? callee.start_ns + callee.duration_ns : callee.start_ns);
      if (callee.start_ns == model::kNoTime) continue;
      lost.start_ns = lost.start_ns == model::kNoTime ? callee.start_ns
                                                      : std::min(lost.start_ns, callee.start_ns);
      lost.duration_ns = last - lost.start_ns;
      if (lost.entry == model::kNoOperation) lost.entry = callee.entry;
    }
    drafts.push_back(lost);
    i = end;
  }
  // Deeper ones first, so that a chain's times reach its top.
  size_t request = requests_.size();
  for (size_t i = lost_.size(); i-- > 0;) {
    while (requests_[request - 1].path != lost_[i].path ||
           requests_[request - 1].name_hash != lost_[i].name_hash)
      --request;
    LinkUpwards(trace, requests_[request - 1], drafts, lost_[i].draft);
  }
}

void LostCalls::CommonBeginnings(const TraceDraft& trace) {
  common_.assign(trace.groups.size(), 0);
  for (size_t i = 0; i < trace.groups.size(); ++i) {
    const PathGroup& group = trace.groups[i];
    if (group.ancestor != kNone || group.roots <= 1 || common_[i] != 0) continue;
    size_t last = i;
    size_t next = i + 1;
    for (uint32_t seen = 1; seen < group.roots && next < trace.groups.size(); ++next) {
      if (trace.groups[next].ancestor != kNone) continue;
      last = next;
      ++seen;
    }
    const auto size = static_cast<uint32_t>(
        model::CommonPrefix(trace.PathOf(group), trace.PathOf(trace.groups[last])));
    for (size_t k = i; k <= last; ++k) {
      if (trace.groups[k].ancestor == kNone) common_[k] = size;
    }
  }
}

void LostCalls::CollectRequests(const TraceDraft& trace, const std::vector<CallerChoice>& choices) {
  bool begun = false;
  const size_t most = 4 * trace.rows.size() + 64;
  for (uint32_t d = 0; d < choices.size(); ++d) {
    const CallerChoice& choice = choices[d];
    if (choice.kind != CallerChoice::Kind::kLost) continue;
    if (!begun) CommonBeginnings(trace);
    begun = true;
    const PathGroup& group = trace.GroupOf(trace.drafts[d]);
    Request request;
    request.callee = d;
    if (choice.beside) {
      request.path = trace.PathOf(trace.groups[group.parent]);
      request.name = trace.drafts[d].caller;
      request.name_hash = names_.services.Hash(Index(request.name)) | 1;
      request.ancestor = trace.groups[group.parent].ancestor;
      if (request.ancestor == kNone) request.limit = common_[group.parent];
    } else {
      request.path = model::ParentPath(trace.drafts[d].path);
      request.ancestor = group.ancestor;
      if (request.ancestor == kNone) request.limit = common_[trace.drafts[d].group];
    }
    AddChain(request, trace, most);
  }
}

void LostCalls::AddChain(Request request, const TraceDraft& trace, size_t most) {
  requests_.push_back(request);
  request.callee = kNone;
  request.name = model::kNoService;
  request.name_hash = 0;
  const size_t above =
      request.ancestor == kNone ? 0 : trace.PathOf(trace.groups[request.ancestor]).size();
  while (requests_.size() < most) {
    request.path = model::ParentPath(request.path);
    if (request.path.size() <= above) return;  // has rows, or is the top
    if (request.ancestor == kNone && (request.limit == 0 || request.path.size() < request.limit))
      return;
    requests_.push_back(request);
  }
}

model::ServiceId LostCalls::MostNamed(std::vector<DraftCall>& drafts, size_t begin, size_t end) {
  votes_.clear();
  for (size_t k = begin; k < end && requests_[k].callee != kNone; ++k) {
    const DraftCall& callee = drafts[requests_[k].callee];
    if (callee.caller != model::kNoService) {
      votes_.emplace_back(names_.services.Hash(Index(callee.caller)), Index(callee.caller));
    }
  }
  std::sort(votes_.begin(), votes_.end());
  uint32_t best = 0;
  size_t most = 0;
  for (size_t i = 0; i < votes_.size();) {
    size_t next = i;
    while (next < votes_.size() && votes_[next] == votes_[i]) ++next;
    if (next - i > most) {
      most = next - i;
      best = votes_[i].second;
    }
    i = next;
  }
  return Id<model::ServiceId>(best);
}

void LostCalls::LinkUpwards(const TraceDraft& trace, const Request& request,
                            std::vector<DraftCall>& drafts, uint32_t lost) {
  const PathView above = model::ParentPath(request.path);
  DraftCall& call = drafts[lost];
  if (request.ancestor != kNone) {
    const PathGroup& group = trace.groups[request.ancestor];
    if (trace.PathOf(group).size() >= above.size()) {
      constexpr uint32_t kLookAt = 48;
      double best = 0;
      for (uint32_t d = group.begin; d < group.end && d < group.begin + kLookAt; ++d) {
        const double evidence = TimeEvidence(trace.drafts[d], call) +
                                (model::IsStateful(trace.drafts[d].kind) ? kWeights.stateful : 0);
        if (call.parent != kNone && evidence <= best) continue;
        call.parent = d;
        best = evidence;
      }
      call.confidence = 1.0f / static_cast<float>(group.size());
      return;
    }
  }
  const auto at =
      std::lower_bound(lost_.begin(), lost_.end(), above, [](const Lost& a, PathView path) {
        return std::tie(a.path, a.name_hash) < std::make_tuple(path, uint64_t{0});
      });
  if (at != lost_.end() && at->path == above && at->name_hash == 0) {
    call.parent = at->draft;
    DraftCall& top = drafts[at->draft];
    if (call.timed()) {
      const int64_t end = call.start_ns + call.duration_ns;
      const int64_t top_end = top.timed() ? std::max(end, top.start_ns + top.duration_ns) : end;
      top.start_ns = top.timed() ? std::min(top.start_ns, call.start_ns) : call.start_ns;
      top.duration_ns = top_end - top.start_ns;
    }
    return;
  }
  if (request.ancestor != kNone) call.parent = trace.groups[request.ancestor].begin;
}

}  // namespace plumbago::graph
