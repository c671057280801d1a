#include "graph/rebuild.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"

namespace plumbago::graph {
namespace {

using Kind = CallerChoice::Kind;
using model::kNoService;

// From this probability on a link counts as certain.
constexpr float kCertain = 0.95f;

// Rounds of circles. Where opening one closes the next, as in a trace made for it, there could be
// about as many as calls.
constexpr int kMostRounds = 64;

void TakeSafe(CallerChoice& choice) {
  choice.kind = choice.safe_kind;
  choice.parent = choice.safe_parent;
  choice.off_path = false;
  choice.decided = false;
  choice.beside = choice.kind == Kind::kLost && choice.candidates > 0;
}

}  // namespace

void Rebuild::Run(const TraceDraft& trace) {
  inference_.Infer(trace, choices_);
  Link(trace);
  for (int round = 1; OpenCircles(); ++round) {
    if (round == kMostRounds) KeepToIds();
    Link(trace);
  }
  FillCallees();
  FillCallers(trace);
}

void Rebuild::Link(const TraceDraft& trace) {
  drafts_ = trace.drafts;
  for (size_t d = 0; d < choices_.size(); ++d) {
    const CallerChoice& choice = choices_[d];
    DraftCall& draft = drafts_[d];
    draft.parent = choice.kind == Kind::kCall ? choice.parent : kNone;
    draft.confidence = choice.confidence;
    if (draft.shared) draft.mended |= kMendedSplit;
    const bool inferred =
        choice.kind == Kind::kLost ||
        (choice.kind == Kind::kCall && (choice.off_path || choice.candidates > 1));
    if (inferred) draft.mended |= kMendedLink;
  }
  lost_.Insert(trace, choices_, drafts_);
}

bool Rebuild::OpenCircles() {
  bool opened = false;
  seen_.assign(drafts_.size(), 0);
  for (uint32_t d = 0; d < drafts_.size(); ++d) {
    const uint32_t walk = d + 1;
    uint32_t at = d;
    while (at != kNone && seen_[at] == 0) {
      seen_[at] = walk;
      at = drafts_[at].parent;
    }
    if (at == kNone || seen_[at] != walk) continue;
    uint32_t weakest = kNone;
    uint32_t on_circle = at;
    do {
      const bool leaves_ids = on_circle < choices_.size() && choices_[on_circle].off_path;
      if (leaves_ids &&
          (weakest == kNone || choices_[on_circle].confidence < choices_[weakest].confidence)) {
        weakest = on_circle;
      }
      on_circle = drafts_[on_circle].parent;
    } while (on_circle != at);
    CHECK(weakest != kNone);
    TakeSafe(choices_[weakest]);
    opened = true;
  }
  return opened;
}

void Rebuild::KeepToIds() {
  for (CallerChoice& choice : choices_) {
    if (choice.off_path) TakeSafe(choice);
  }
}

void Rebuild::FillCallees() {
  votes_.clear();
  for (const DraftCall& draft : drafts_) {
    if (draft.parent != kNone && draft.caller != kNoService &&
        drafts_[draft.parent].callee == kNoService) {
      votes_.push_back({draft.parent, names_.services.Hash(Index(draft.caller)), draft.caller});
    }
  }
  std::sort(votes_.begin(), votes_.end(), [](const Vote& a, const Vote& b) {
    return std::tie(a.draft, a.hash, a.name) < std::tie(b.draft, b.hash, b.name);
  });
  for (size_t i = 0; i < votes_.size();) {
    size_t most = 0;
    size_t next = i;
    model::ServiceId name = kNoService;
    while (next < votes_.size() && votes_[next].draft == votes_[i].draft) {
      size_t end = next;
      while (end < votes_.size() && votes_[end].draft == votes_[next].draft &&
             votes_[end].name == votes_[next].name)
        ++end;
      if (end - next > most) {
        most = end - next;
        name = votes_[next].name;
      }
      next = end;
    }
    DraftCall& draft = drafts_[votes_[i].draft];
    draft.callee = name;
    draft.mended |= kMendedCallee;
    i = next;
  }
}

void Rebuild::FillCallers(const TraceDraft& trace) {
  for (DraftCall& draft : drafts_) {
    if (draft.parent == kNone) continue;
    const model::ServiceId name = drafts_[draft.parent].callee;
    if (name == kNoService || draft.caller == name) continue;
    draft.caller = name;
    if (draft.rows > 0) draft.mended |= kMendedCaller;
  }
  // A name that only one of a call's rows lacked was filled in as well.
  for (size_t row = 0; row < trace.rows.size(); ++row) {
    if ((trace.marks[row] & kRowUnknownName) == 0) continue;
    DraftCall& draft = drafts_[trace.draft_of_row[row]];
    const model::Call& call = *trace.rows[row].call;
    if (call.callee == kNoService && draft.callee != kNoService) draft.mended |= kMendedCallee;
    if (call.caller == kNoService && draft.caller != kNoService) draft.mended |= kMendedCaller;
  }
}

void Rebuild::MarkCertain(std::vector<uint8_t>& certain) const {
  enum : uint8_t { kOpen = 2 };
  certain.assign(drafts_.size(), kOpen);
  const auto link = [this](uint32_t d) {
    if (drafts_[d].mended & kMendedInserted) return false;
    const CallerChoice& choice = choices_[d];
    if (choice.kind == Kind::kLost) return false;
    return choice.decided && choice.confidence >= kCertain;
  };
  for (uint32_t d = 0; d < drafts_.size(); ++d) {
    // Up to something that is known, then down again by a second walk.
    uint8_t answer = 1;
    uint32_t at = d;
    while (at != kNone && certain[at] == kOpen) {
      if (!link(at)) break;
      at = drafts_[at].parent;
    }
    if (at != kNone) answer = certain[at] == kOpen ? 0 : certain[at];
    const uint32_t stop = at;
    for (at = d; at != stop; at = drafts_[at].parent) certain[at] = answer;
    if (stop != kNone && certain[stop] == kOpen) certain[stop] = 0;
  }
}

}  // namespace plumbago::graph
