#include "graph/call_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

namespace plumbago::graph {

using model::PathView;

void CallPaths::Start(const std::vector<DraftCall>& drafts, const std::vector<uint32_t>& preorder) {
  drafts_ = &drafts;
  preorder_ = &preorder;
  ready_ = false;
}

PathView CallPaths::Component(const DraftCall& draft) const {
  if (draft.parent == kNone) return draft.path;
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
    if (end - i > 1 && !places_[i].component.empty()) {
      counts_.clear();
      size_t right = 0;
      for (size_t k = i; k < end; ++k) right += StandsWhereWritten((*drafts_)[places_[k].draft]) ? 1 : 0;
      // By callee, then by rank: numbers without asking for each callee again.
      for (size_t k = i; k < end; ++k) {
        const DraftCall& draft = (*drafts_)[places_[k].draft];
        if (right != 1 || !StandsWhereWritten(draft)) counts_.emplace_back(draft.callee, places_[k].draft);
      }
      std::stable_sort(counts_.begin(), counts_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      uint32_t n = 0;
      for (size_t k = 0; k < counts_.size(); ++k) {
        n = k > 0 && counts_[k].first == counts_[k - 1].first ? n + 1 : 0;
        number_[counts_[k].second] = n;
      }
    }
    i = end;
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
    if (number_[way_[i]] == kNone) continue;
    const std::string_view callee = names_.Text(call.callee);
    fmt::format_to(std::back_inserter(text), "-{}-{}", callee.empty() ? "(?)" : callee, number_[way_[i]]);
  }
  return text;
}

}  // namespace plumbago::graph
