// Cells of samples (load_cells.h), put together by instance and by interval: what an instance, and
// the host that it runs on, were busy with at the same time.
//
// The interval is the data's own: of each measure the median distance of an instance's (a host's)
// neighbouring samples, of these the largest, so that an interval holds a value of each. At most an
// hour; a minute where no instance has two samples.
//
// Reads the cells in their order, which is by instance. Values of hosts are held meanwhile: 24
// bytes an interval, at most kHostBins of them; if there are more, hosts are taken in several
// passes. What is visited is the same, but for the order: by pass, then by instance.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "analysis/load_cells.h"

namespace plumbago::analysis {

// What is not known.
inline constexpr double kUnknownLoad = std::numeric_limits<double>::quiet_NaN();

// An instance in an interval.
struct LoadBin {
  int64_t bin = 0;  // begins at bin x interval
  model::InstanceId host = model::kNoInstance;
  double cpu = kUnknownLoad;
  double memory = kUnknownLoad;
  double host_cpu = kUnknownLoad;
  double host_memory = kUnknownLoad;
  double rate = kUnknownLoad;  // calls served a second, of all flows
};
struct LatencyBin {
  model::Flow flow = model::Flow::kNone;
  int64_t bin = 0;
  double ns = 0;
};
struct InstanceLoad {
  model::InstanceId instance = model::kNoInstance;
  std::vector<LoadBin> bins;          // by bin
  std::vector<LatencyBin> latencies;  // by flow, then bin; of all hosts

  const LoadBin* Find(int64_t bin) const;
};

class LoadReader {
 public:
  static constexpr size_t kHostBins = size_t{8} << 20;

  explicit LoadReader(const LoadCells& cells, size_t host_bins = kHostBins);

  int64_t interval_slots() const { return interval_; }
  int64_t interval_ns() const { return interval_ * kSlotNs; }
  int64_t BinOf(uint32_t slot) const;

  uint64_t instances() const { return instances_; }
  uint64_t hosts() const { return hosts_; }          // with values of their own
  bool names_hosts() const { return names_hosts_; }  // of instances

  struct Visitor {
    // Before each pass over the instances.
    std::function<void()> begin = [] {};
    // In ascending order within a pass. Valid during the call.
    std::function<void(const InstanceLoad&)> visit;
    // Values of a host's own, each once in all passes.
    std::function<void(const LoadBin&)> host = [](const LoadBin&) {};
  };
  void Read(const Visitor& visitor) const;

 private:
  struct Hosts;
  void Survey(size_t host_bins);
  void ReadPass(model::InstanceId first, model::InstanceId last, const Visitor& visitor) const;

  LoadCells cells_;  // frozen
  int64_t interval_ = 12;
  uint64_t instances_ = 0;
  uint64_t hosts_ = 0;
  bool names_hosts_ = false;
  // Pass i takes hosts up to ends_[i], from behind the one before.
  std::vector<model::InstanceId> ends_;
};

}  // namespace plumbago::analysis
