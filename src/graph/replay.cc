#include "graph/replay.h"

namespace plumbago::graph {

void Replay::Run(const SpanWindows& windows, std::span<const uint32_t> left) {
  const std::span<const TraceSpan> spans = windows.spans();
  const auto size = static_cast<uint32_t>(spans.size());
  durations_.assign(size, 0);
  offsets_.assign(size, 0);
  windows_.resize(size);
  // Children stand behind their parents.
  for (uint32_t i = size; i-- > 0;) {
    if (!windows.timed(i)) continue;
    if (spans[i].subtree_end == i + 1) {
      durations_[i] = LeftOf(windows.window(i).length(), left[i]);
      continue;
    }
    siblings_.Gather(windows, i);
    durations_[i] = siblings_.Replay(left[i], durations_, offsets_);
  }
  for (uint32_t i = 0; i < size; ++i) {
    if (!windows.timed(i)) continue;
    const bool begins = spans[i].parent == kNone || windows.place(i) != SpanPlace::kWaited;
    const int64_t start =
        begins ? windows.window(i).start_ns : windows_[spans[i].parent].start_ns + offsets_[i];
    windows_[i] = {start, start + durations_[i]};
  }
}

}  // namespace plumbago::graph
