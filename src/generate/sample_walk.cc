#include "generate/sample_walk.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "generate/trace_walk.h"

namespace plumbago::generate {

std::vector<TraceFeatures> WalkSample(const System& system, const TraceOptions& options,
                                      size_t traces, const WatchedEdges* watched,
                                      std::vector<int64_t>* own, const Selection* selection) {
  const uint64_t blocks = traces / system.shape().traces_per_block + 1;
  std::vector<std::vector<TraceFeatures>> of_block(blocks);
  std::atomic<uint64_t> next{0};
  std::mutex mutex;
  const auto work = [&] {
    TraceWalk walk(system, options);
    walk.Measure(true);
    walk.Select(selection);
    walk.meter().Watch(watched);
    if (own != nullptr) walk.meter().SumOwnTimes();
    TraceBlock block;
    for (;;) {
      const uint64_t index = next++;
      if (index >= blocks) break;
      walk.MakeBlock(index, {}, block);
      of_block[index] = std::move(block.features);
    }
    if (own == nullptr) return;
    std::lock_guard lock(mutex);
    own->resize(walk.meter().own_of_edge().size());
    for (size_t i = 0; i < own->size(); ++i) (*own)[i] += walk.meter().own_of_edge()[i];
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < std::max(1u, options.threads); ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  std::vector<TraceFeatures> sample;
  for (const auto& features : of_block)
    sample.insert(sample.end(), features.begin(), features.end());
  return sample;
}

WatchedEdges BusiestEdges(const System& system, const TraceOptions& options, size_t traces,
                          const Selection* selection) {
  std::vector<int64_t> own;
  WalkSample(system, options, traces, nullptr, &own, selection);
  std::vector<uint32_t> order(own.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  const size_t top = std::min<size_t>(10, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<ptrdiff_t>(top), order.end(),
      [&own](uint32_t a, uint32_t b) { return own[a] != own[b] ? own[a] > own[b] : a < b; });
  WatchedEdges watched(own.size());
  for (size_t i = 0; i < top; ++i) watched[order[i]] = true;
  return watched;
}

}  // namespace plumbago::generate
