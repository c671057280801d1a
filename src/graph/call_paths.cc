#include "graph/call_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

namespace plumbago::graph {

using model::PathView;

void CallPaths::Start(const std::vector<DraftCall>& drafts, const std::vector<uint32_t>& preorder,
                      bool rebuilt) {
  rebuilt_ = rebuilt;
  drafts_ = &drafts;
  preorder_ = &preorder;
  ready_ = false;
}

PathView CallPaths::Component(const DraftCall& draft) const {
  if (draft.parent == kNone)
    return rebuilt_ ? draft.path.substr(0, model::FirstComponentSize(draft.path)) : draft.path;
  return draft.path.substr(model::ParentPath(draft.path).size());
}

bool CallPaths::StandsWhereWritten(const DraftCall& draft) const {
  if (draft.shared) return false;
  return draft.parent == kNone || model::ParentPath(draft.path) == (*drafts_)[draft.parent].path;
}

void CallPaths::FindShared() {
  ready_ = true;
  number_.assign(drafts_->size(), kNone);
  places_.clear();
  for (uint32_t rank = 0; rank < preorder_->size(); ++rank) {
    const uint32_t d = (*preorder_)[rank];
    places_.push_back({(*drafts_)[d].parent, Component((*drafts_)[d]), rank, d});
  }
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    return std::tie(a.parent, a.component, a.rank) < std::tie(b.parent, b.component, b.rank);
  });
  for (size_t i = 0; i < places_.size();) {
    size_t end = i + 1;
    while (end < places_.size() && places_[end].parent == places_[i].parent &&
           places_[end].component == places_[i].component) {
      ++end;
    }
    if (end - i > 1 && !places_[i].component.empty()) Number(i, end);
    i = end;
  }
}

// Gives all but one of the calls in places_[begin, end) a number; all, if none of them is alone at
// where it was written.
void CallPaths::Number(size_t begin, size_t end) {
  uint32_t keeps = kNone;
  size_t right = 0;
  for (size_t k = begin; k < end; ++k) {
    const DraftCall& draft = (*drafts_)[places_[k].draft];
    if (!StandsWhereWritten(draft)) continue;
    ++right;
    // Of entries in one tree of ids the topmost keeps its own.
    if (keeps == kNone || draft.path.size() < (*drafts_)[keeps].path.size())
      keeps = places_[k].draft;
  }
  if (right > 1 && places_[begin].parent != kNone) keeps = kNone;
  counts_.clear();
  for (size_t k = begin; k < end; ++k) {
    if (places_[k].draft != keeps)
      counts_.push_back({(*drafts_)[places_[k].draft].callee, places_[k].rank, places_[k].draft});
  }
  std::sort(counts_.begin(), counts_.end(), [](const Counted& a, const Counted& b) {
    return std::tie(a.callee, a.rank) < std::tie(b.callee, b.rank);
  });
  uint32_t n = 0;
  for (size_t k = 0; k < counts_.size(); ++k) {
    n = k > 0 && counts_[k].callee == counts_[k - 1].callee ? n + 1 : 0;
    number_[counts_[k].draft] = n;
  }
}

std::string CallPaths::Text(uint32_t draft) {
  if (!ready_) FindShared();
  way_.clear();
  for (uint32_t d = draft; d != kNone; d = (*drafts_)[d].parent) way_.push_back(d);
  std::string text;
  for (size_t i = way_.size(); i-- > 0;) {
    const DraftCall& call = (*drafts_)[way_[i]];
    const PathView component = Component(call);
    if (!text.empty() && !component.empty()) text.push_back('.');
    model::AppendPathText(component, text);
    if (number_[way_[i]] != kNone) {
      const std::string_view callee = names_.Text(call.callee);
      fmt::format_to(std::back_inserter(text), "-{}-{}", callee.empty() ? "(?)" : callee,
                     number_[way_[i]]);
    }
    if (call.parent == kNone && component.size() < call.path.size()) {
      text.push_back('.');
      model::AppendPathText(call.path.substr(component.size()), text);
    }
  }
  return text;
}

}  // namespace plumbago::graph
