#include "graph/critical_path.h"

#include <algorithm>
#include <tuple>

namespace plumbago::graph {

void CriticalPath::Enter(const SpanWindows& windows, uint32_t span, int64_t here_ns) {
  visited_[span] = 1;
  const auto begin = static_cast<uint32_t>(children_.size());
  windows.ForEachWaited(span, [&](uint32_t child) {
    const SpanWindow& window = windows.window(child);
    if (window.length() > 0) children_.push_back({window.end_ns, window.start_ns, child});
  });
  const auto before = [](const Child& a, const Child& b) {
    return std::tie(a.end_ns, b.start_ns, b.span) < std::tie(b.end_ns, a.start_ns, a.span);
  };
  if (!std::is_sorted(children_.begin() + begin, children_.end(), before))
    std::sort(children_.begin() + begin, children_.end(), before);
  open_.push_back({span, begin, here_ns});
}

void CriticalPath::Emit(uint32_t span, int64_t start_ns, int64_t end_ns) {
  if (start_ns == end_ns) return;
  sections_.push_back({span, start_ns, end_ns});
  if (own_[span] == 0) owners_.push_back(span);
  own_[span] += end_ns - start_ns;
}

void CriticalPath::Walk(const SpanWindows& windows, uint32_t root) {
  Enter(windows, root, windows.window(root).end_ns);
  while (!open_.empty()) {
    Open& at = open_.back();
    // What ends later than here was not waited for, and never will be.
    while (children_.size() > at.begin && children_.back().end_ns > at.here_ns)
      children_.pop_back();
    if (children_.size() > at.begin) {
      const Child child = children_.back();
      children_.pop_back();
      Emit(at.span, child.end_ns, at.here_ns);
      at.here_ns = child.start_ns;
      Enter(windows, child.span, child.end_ns);
      continue;
    }
    Emit(at.span, windows.window(at.span).start_ns, at.here_ns);
    open_.pop_back();
  }
}

void CriticalPath::Find(const SpanWindows& windows) {
  paths_.clear();
  sections_.clear();
  owners_.clear();
  visited_.assign(windows.spans().size(), 0);
  own_.assign(windows.spans().size(), 0);
  for (const uint32_t root : windows.starts()) {
    Path path;
    path.root = root;
    path.asynchronous = windows.place(root) == SpanPlace::kAsynchronous;
    path.begin = static_cast<uint32_t>(sections_.size());
    path.owners_begin = static_cast<uint32_t>(owners_.size());
    Walk(windows, root);
    std::reverse(sections_.begin() + path.begin, sections_.end());
    path.end = static_cast<uint32_t>(sections_.size());
    path.owners_end = static_cast<uint32_t>(owners_.size());
    paths_.push_back(path);
  }
}

}  // namespace plumbago::graph
