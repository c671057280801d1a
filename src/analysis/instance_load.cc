#include "analysis/instance_load.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

#include "analysis/floor_divide.h"

namespace plumbago::analysis {
namespace {

using model::InstanceId;
using model::kNoInstance;
using model::Measure;

constexpr int64_t kHourSlots = 3600 / 5;

// Means of what falls into a bin: of each channel by itself, so that a table that was read twice
// counts once.
class Accumulator {
 public:
  void Add(const LoadCell& cell) {
    sum_ += cell.Mean() * static_cast<double>(cell.count);
    count_ += static_cast<double>(cell.count);
  }
  double Mean() const { return count_ > 0 ? sum_ / count_ : kUnknownLoad; }

 private:
  double sum_ = 0, count_ = 0;
};

struct BinSums {
  int64_t bin = 0;
  InstanceId host = kNoInstance;
  Accumulator cpu, memory, host_cpu, host_memory;
  std::array<Accumulator, model::kFlows> rates;

  LoadBin Means() const {
    LoadBin means{bin,         host, cpu.Mean(), memory.Mean(), host_cpu.Mean(), host_memory.Mean(),
                  kUnknownLoad};
    for (const Accumulator& rate : rates) {
      if (std::isnan(rate.Mean())) continue;
      means.rate = std::isnan(means.rate) ? rate.Mean() : means.rate + rate.Mean();
    }
    return means;
  }
};

bool ByBin(const LoadBin& a, const LoadBin& b) { return a.bin < b.bin; }

}  // namespace

const LoadBin* InstanceLoad::Find(int64_t bin) const {
  LoadBin wanted;
  wanted.bin = bin;
  const auto at = std::lower_bound(bins.begin(), bins.end(), wanted, ByBin);
  return at != bins.end() && at->bin == bin ? &*at : nullptr;
}

// Values of hosts by host, then bin.
struct LoadReader::Hosts {
  struct Bin {
    int64_t bin;
    double cpu, memory;
  };
  std::vector<std::pair<InstanceId, size_t>> begins;  // ascending
  std::vector<Bin> bins;

  const Bin* Find(InstanceId host, int64_t bin) const {
    auto at = std::lower_bound(begins.begin(), begins.end(), std::pair(host, size_t{0}));
    if (at == begins.end() || at->first != host) return nullptr;
    const size_t end = at + 1 == begins.end() ? bins.size() : (at + 1)->second;
    const auto found =
        std::lower_bound(bins.begin() + static_cast<ptrdiff_t>(at->second),
                         bins.begin() + static_cast<ptrdiff_t>(end), bin,
                         [](const Bin& one, int64_t wanted) { return one.bin < wanted; });
    const bool there = found != bins.begin() + static_cast<ptrdiff_t>(end) && found->bin == bin;
    return there ? &*found : nullptr;
  }
};

LoadReader::LoadReader(const LoadCells& cells, size_t host_bins) : cells_(cells) {
  cells_.Freeze();
  Survey(host_bins);
}

int64_t LoadReader::BinOf(uint32_t slot) const {
  return FloorDivide(static_cast<int64_t>(slot) - kSlotBias, interval_);
}

void LoadReader::Survey(size_t host_bins) {
  std::array<std::vector<uint64_t>, model::kMeasures> distances;
  std::array<uint32_t, model::kMeasures> last;
  std::array<bool, model::kMeasures> any{};
  InstanceId instance = kNoInstance, host = kNoInstance;
  bool begun = false;
  std::vector<std::pair<InstanceId, uint64_t>> slots_of_hosts;
  cells_.runs().ForEach([&](const LoadCell& cell) {
    if (!cell.channel.known()) return;
    if (!begun || cell.instance != instance || cell.host != host) {
      if (cell.instance != kNoInstance && (!begun || cell.instance != instance)) ++instances_;
      any = {};
      begun = true;
      instance = cell.instance;
      host = cell.host;
      if (instance != kNoInstance && host != kNoInstance) names_hosts_ = true;
      if (instance == kNoInstance) slots_of_hosts.emplace_back(host, 0);
    }
    const auto m = static_cast<size_t>(cell.channel.measure());
    if (any[m] && last[m] == cell.slot) return;  // another flow of it
    if (instance == kNoInstance) ++slots_of_hosts.back().second;
    if (any[m]) {
      distances[m].resize(static_cast<size_t>(kHourSlots) + 1);
      ++distances[m][std::min<size_t>(cell.slot - last[m], static_cast<size_t>(kHourSlots))];
    }
    any[m] = true;
    last[m] = cell.slot;
  });
  hosts_ = slots_of_hosts.size();
  int64_t widest = 0;
  for (const std::vector<uint64_t>& counts : distances) {
    uint64_t all = 0;
    for (const uint64_t count : counts) all += count;
    uint64_t below = 0;
    for (size_t i = 0; i < counts.size(); ++i) {
      below += counts[i];
      if (counts[i] == 0 || below * 2 < all) continue;
      widest = std::max(widest, static_cast<int64_t>(i));
      break;
    }
  }
  if (widest > 0) interval_ = widest;
  uint64_t held = 0;
  for (size_t i = 0; i < slots_of_hosts.size(); ++i) {
    held += slots_of_hosts[i].second;
    if (i + 1 < slots_of_hosts.size() && held + slots_of_hosts[i + 1].second > host_bins) {
      ends_.push_back(slots_of_hosts[i].first);
      held = 0;
    }
  }
  ends_.push_back(Id<InstanceId>(UINT32_MAX));
}

void LoadReader::Read(const Visitor& visitor) const {
  InstanceId first = kNoInstance;
  for (const InstanceId last : ends_) {
    visitor.begin();
    ReadPass(first, last, visitor);
    first = Id<InstanceId>(Index(last) + 1);
  }
}

void LoadReader::ReadPass(InstanceId first, InstanceId last, const Visitor& visitor) const {
  const auto within = [&](InstanceId host) {
    return Index(first) <= Index(host) && Index(host) <= Index(last);
  };
  Hosts hosts;
  std::vector<BinSums> sums;
  InstanceLoad load;
  struct LatencySum {
    model::Flow flow;
    int64_t bin;
    InstanceId host;
    Accumulator ns;
  };
  std::vector<LatencySum> latencies;

  const auto end_host = [&](InstanceId host) {
    if (sums.empty()) return;
    hosts.begins.emplace_back(host, hosts.bins.size());
    for (const BinSums& one : sums) {
      const LoadBin bin = one.Means();
      hosts.bins.push_back({bin.bin, bin.host_cpu, bin.host_memory});
      visitor.host(bin);
    }
    sums.clear();
  };
  const auto end_instance = [&] {
    load.bins.clear();
    load.latencies.clear();
    // Cells of several hosts (or of none told, as in rate tables) come one host after the other.
    std::sort(sums.begin(), sums.end(), [](const BinSums& a, const BinSums& b) {
      return std::pair(a.bin, a.host) < std::pair(b.bin, b.host);
    });
    for (const BinSums& one : sums) {
      const LoadBin bin = one.Means();
      if (load.bins.empty() || load.bins.back().bin != bin.bin) {
        load.bins.push_back(bin);
        continue;
      }
      LoadBin& into = load.bins.back();
      if (bin.host != kNoInstance) into.host = bin.host;
      const auto take = [](double& known, double more) {
        if (!std::isnan(more)) known = more;
      };
      take(into.cpu, bin.cpu);
      take(into.memory, bin.memory);
      take(into.host_cpu, bin.host_cpu);
      take(into.host_memory, bin.host_memory);
      take(into.rate, bin.rate);
    }
    sums.clear();
    std::erase_if(load.bins, [&](const LoadBin& bin) { return !within(bin.host); });
    for (LoadBin& bin : load.bins) {
      const Hosts::Bin* host = hosts.Find(bin.host, bin.bin);
      if (host == nullptr) continue;
      if (std::isnan(bin.host_cpu)) bin.host_cpu = host->cpu;
      if (std::isnan(bin.host_memory)) bin.host_memory = host->memory;
    }
    std::sort(latencies.begin(), latencies.end(), [](const LatencySum& a, const LatencySum& b) {
      return std::tuple(a.flow, a.bin, a.host) < std::tuple(b.flow, b.bin, b.host);
    });
    for (const LatencySum& one : latencies) {
      const double ns = one.ns.Mean();
      if (!load.latencies.empty() && load.latencies.back().flow == one.flow &&
          load.latencies.back().bin == one.bin) {
        load.latencies.back().ns = ns;
      } else {
        load.latencies.push_back({one.flow, one.bin, ns});
      }
    }
    latencies.clear();
    if (!load.bins.empty()) visitor.visit(load);
  };

  InstanceId instance = kNoInstance, host = kNoInstance;
  bool begun = false;
  const auto end = [&] {
    if (!begun) return;
    if (instance == kNoInstance) {
      end_host(host);
    } else {
      load.instance = instance;
      end_instance();
    }
  };
  cells_.runs().ForEach([&](const LoadCell& cell) {
    if (!cell.channel.known()) return;
    if (cell.instance == kNoInstance && !within(cell.host)) return;
    if (!begun || cell.instance != instance || (instance == kNoInstance && cell.host != host)) {
      end();
      begun = true;
      instance = cell.instance;
    }
    host = cell.host;
    const int64_t bin = BinOf(cell.slot);
    const Measure measure = cell.channel.measure();
    if (measure == Measure::kLatency) {
      // Of the same flow and bin the cells stand near each other: a few steps back at most.
      for (size_t i = latencies.size(), steps = 0; i > 0 && steps < model::kFlows; --i, ++steps) {
        if (latencies[i - 1].bin == bin && latencies[i - 1].flow == cell.channel.flow() &&
            latencies[i - 1].host == cell.host) {
          latencies[i - 1].ns.Add(cell);
          return;
        }
      }
      latencies.push_back({cell.channel.flow(), bin, cell.host, {}});
      latencies.back().ns.Add(cell);
      return;
    }
    if (sums.empty() || sums.back().bin != bin || sums.back().host != cell.host) {
      sums.emplace_back();
      sums.back().bin = bin;
      sums.back().host = cell.host;
    }
    BinSums& into = sums.back();
    switch (measure) {
      case Measure::kCpu:
        return into.cpu.Add(cell);
      case Measure::kMemory:
        return into.memory.Add(cell);
      case Measure::kHostCpu:
        return into.host_cpu.Add(cell);
      case Measure::kHostMemory:
        return into.host_memory.Add(cell);
      case Measure::kCallRate:
        return into.rates[static_cast<size_t>(cell.channel.flow())].Add(cell);
      case Measure::kLatency:
      case Measure::kCluster:
        return;
    }
  });
  end();
}

}  // namespace plumbago::analysis
