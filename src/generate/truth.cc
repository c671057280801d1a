#include "generate/truth.h"

#include "statistics/nearest_rank.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "base/json_writer.h"

namespace plumbago::generate {

void Counts::Add(const Counts& other) {
  static_assert(std::is_trivially_copyable_v<Counts> && sizeof(Counts) % sizeof(uint64_t) == 0);
  // Nothing but 64-bit counters: added as an array, so that none is forgotten.
  auto* to = reinterpret_cast<uint64_t*>(this);
  const auto* from = reinterpret_cast<const uint64_t*>(&other);
  for (size_t i = 0; i < sizeof(Counts) / sizeof(uint64_t); ++i) to[i] += from[i];
}

void Tally::Merge(const Tally& other) {
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
  for (size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  total_ += other.total_;
  sum_ += other.sum_;
}

uint64_t Tally::Quantile(double p) const {
  if (total_ == 0) return 0;
  const uint64_t rank = statistics::NearestRank(p, total_);
  uint64_t seen = 0;
  for (uint64_t value = 0; value < counts_.size(); ++value) {
    seen += counts_[value];
    if (seen > rank) return value;
  }
  return 0;
}

uint64_t Tally::Over(uint64_t value) const {
  uint64_t over = 0;
  for (uint64_t v = value + 1; v < counts_.size(); ++v) over += counts_[v];
  return over;
}

uint64_t Tally::Max() const {
  for (size_t v = counts_.size(); v-- > 0;) {
    if (counts_[v] > 0) return v;
  }
  return 0;
}

Truth::Truth(const System& system, const TraceOptions& options)
    : system_(&system),
      options_(options),
      format_(options.format == nullptr ? "" : options.format->name()),
      edge_calls_(system.edges().size()),
      tail_seen_(system.tail_callees().size()),
      entry_traces_(system.entries().size()),
      watch_slot_(system.edges().size(), kWatched),
      watch_all_(options.rows <= kWatchAllRows) {
  // The edges that must be among the busiest: by what the system makes expect.
  std::vector<uint32_t> order(system.edges().size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  const size_t watched = std::min<size_t>(kWatched, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(watched), order.end(),
                    [&system](uint32_t a, uint32_t b) {
                      const double x = system.edges()[a].expected, y = system.edges()[b].expected;
                      return x != y ? x > y : a < b;
                    });
  for (size_t i = 0; i < watched; ++i) watch_slot_[order[i]] = static_cast<uint16_t>(i);
  dense_.resize(watched * kDenseMs);
}

void Truth::AddEdgeCalls(const std::vector<EdgeCall>& calls) {
  for (const EdgeCall& call : calls) {
    if (call.edge >= edge_calls_.size()) {
      tail_seen_[call.edge - edge_calls_.size()] = true;
      if (watch_all_)
        ++sparse_[uint64_t{call.edge} << 32 | static_cast<uint32_t>(call.duration_ms)];
      continue;
    }
    ++edge_calls_[call.edge];
    const uint32_t slot = watch_slot_[call.edge];
    const auto ms = static_cast<uint32_t>(call.duration_ms);
    if (slot != kWatched && ms < kDenseMs) {
      ++dense_[slot * kDenseMs + ms];
    } else if (slot != kWatched || watch_all_) {
      ++sparse_[uint64_t{call.edge} << 32 | ms];
    }
  }
}

void Truth::AddTrace(uint32_t entry, uint32_t calls, uint32_t services, uint32_t depth) {
  ++entry_traces_[entry];
  calls_per_trace_.Add(calls);
  services_per_trace_.Add(services);
  depth_.Add(depth);
}

void Truth::AddHits(std::vector<Hit>&& hits) {
  if (hits.empty()) return;
  for (Hit& hit : hits) hits_.push_back(std::move(hit));
  // Within a trace in the order of the walk: stable.
  std::stable_sort(hits_.begin(), hits_.end(),
                   [](const Hit& a, const Hit& b) { return a.trace < b.trace; });
  size_t named[2] = {0, 0};
  std::erase_if(hits_, [&named](const Hit& hit) { return ++named[hit.kind] > kNamedHits; });
}

void Truth::SetWindow(int64_t first_ms, int64_t last_ms) {
  if (first_ms > last_ms) return;
  if (first_ms_ > last_ms_) {
    first_ms_ = first_ms;
    last_ms_ = last_ms;
  } else {
    first_ms_ = std::min(first_ms_, first_ms);
    last_ms_ = std::max(last_ms_, last_ms);
  }
}

void Truth::Merge(Truth&& other) {
  counts_.Add(other.counts_);
  services_per_trace_.Merge(other.services_per_trace_);
  calls_per_trace_.Merge(other.calls_per_trace_);
  depth_.Merge(other.depth_);
  for (size_t i = 0; i < edge_calls_.size(); ++i) edge_calls_[i] += other.edge_calls_[i];
  for (size_t i = 0; i < tail_seen_.size(); ++i) {
    if (other.tail_seen_[i]) tail_seen_[i] = true;
  }
  for (size_t i = 0; i < entry_traces_.size(); ++i) entry_traces_[i] += other.entry_traces_[i];
  for (size_t i = 0; i < dense_.size(); ++i) dense_[i] += other.dense_[i];
  for (const auto& [key, calls] : other.sparse_) sparse_[key] += calls;
  AddHits(std::move(other.hits_));
  planted_.Merge(other.planted_);
  SetWindow(other.first_ms_, other.last_ms_);
}

uint64_t Truth::ServicesUsed() const {
  std::vector<bool> used(system_->services().size());
  for (size_t i = 0; i < edge_calls_.size(); ++i) {
    if (edge_calls_[i] == 0) continue;
    used[system_->edges()[i].caller] = true;
    used[system_->edges()[i].callee] = true;
  }
  for (const TailChunk& chunk : system_->tail_chunks()) {
    for (uint32_t i = chunk.first; i < chunk.first + chunk.edges; ++i) {
      if (!tail_seen_[i]) continue;
      used[system_->interfaces()[system_->entries()[chunk.entry].interface].service] = true;
      used[system_->tail_callees()[i]] = true;
    }
  }
  for (size_t i = 0; i < entry_traces_.size(); ++i) {
    if (entry_traces_[i] == 0) continue;
    used[system_->interfaces()[system_->entries()[i].interface].service] = true;
  }
  return static_cast<uint64_t>(std::count(used.begin(), used.end(), true));
}

uint64_t Truth::EdgesUsed() const {
  return edge_calls_.size() -
         static_cast<uint64_t>(std::count(edge_calls_.begin(), edge_calls_.end(), uint64_t{0})) +
         static_cast<uint64_t>(std::count(tail_seen_.begin(), tail_seen_.end(), true));
}

uint64_t Truth::EntryServicesUsed() const {
  return entry_traces_.size() -
         static_cast<uint64_t>(std::count(entry_traces_.begin(), entry_traces_.end(), uint64_t{0}));
}

std::vector<TopEdge> Truth::TopEdges(size_t count) const {
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < edge_calls_.size(); ++i) {
    if (edge_calls_[i] > 0 && (watch_all_ || watch_slot_[i] != kWatched)) order.push_back(i);
  }
  const auto grown = static_cast<uint32_t>(edge_calls_.size());
  for (uint32_t i = 0; watch_all_ && i < tail_seen_.size(); ++i) {
    if (tail_seen_[i]) order.push_back(grown + i);
  }
  const auto calls_of = [&](uint32_t edge) { return edge < grown ? edge_calls_[edge] : 1; };
  const model::Names& names = system_->names();
  const auto caller = [&](uint32_t edge) {
    return names.Text(system_->services()[system_->EdgeAt(edge).caller].name);
  };
  const auto callee = [&](uint32_t edge) {
    return names.Text(system_->services()[system_->EdgeAt(edge).callee].name);
  };
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    if (calls_of(a) != calls_of(b)) return calls_of(a) > calls_of(b);
    if (caller(a) != caller(b)) return caller(a) < caller(b);
    return callee(a) < callee(b);
  });
  if (order.size() > count) order.resize(count);
  std::vector<TopEdge> top;
  for (const uint32_t edge : order) {
    std::vector<std::pair<uint64_t, uint64_t>> times;  // ms, calls
    if (edge < grown && watch_slot_[edge] != kWatched) {
      for (uint32_t ms = 0; ms < kDenseMs; ++ms) {
        const uint64_t calls = dense_[watch_slot_[edge] * kDenseMs + ms];
        if (calls > 0) times.emplace_back(ms, calls);
      }
    }
    for (const auto& [key, calls] : sparse_) {
      if (key >> 32 == edge) times.emplace_back(key & 0xFFFFFFFF, calls);
    }
    std::sort(times.begin(), times.end());
    const auto quantile = [&](double p) {
      const uint64_t rank = statistics::NearestRank(p, calls_of(edge));
      uint64_t seen = 0;
      for (const auto& [ms, calls] : times) {
        seen += calls;
        if (seen > rank) return ms;
      }
      return uint64_t{0};
    };
    top.push_back({std::string(caller(edge)), std::string(callee(edge)), calls_of(edge),
                   quantile(0.5), quantile(0.99)});
  }
  return top;
}

}  // namespace plumbago::generate
