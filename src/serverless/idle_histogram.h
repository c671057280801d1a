// Idle times in bins of a minute, with the bins in which two percentiles lie. O(1) for each time
// added, amortised.
#pragma once

#include <cstdint>
#include <vector>

namespace plumbago::serverless {

class IdleHistogram {
 public:
  // Percentiles in whole percent, low <= high.
  IdleHistogram(uint32_t bins, uint32_t low, uint32_t high)
      : counts_(bins), low_{low}, high_{high} {}

  void Add(uint32_t minutes, uint64_t times) {
    if (minutes >= counts_.size()) {
      beyond_ += times;
      return;
    }
    uint64_t& count = counts_[minutes];
    squares_ += static_cast<Squares>(times) * (2 * count + times);
    count += times;
    within_ += times;
    Move(low_, minutes, times);
    Move(high_, minutes, times);
  }

  uint64_t within() const { return within_; }
  uint64_t beyond() const { return beyond_; }
  // The bins of the percentiles: the least whose times up to it reach the share; `within` > 0.
  uint32_t head() const { return low_.bin; }
  uint32_t tail() const { return high_.bin; }
  // Coefficient of variation of the bins' counts (population) >= `cv`; exact.
  bool Varies(uint32_t cv) const {
    const auto n = static_cast<Squares>(within_);
    return squares_ * counts_.size() >= (1 + static_cast<Squares>(cv) * cv) * n * n;
  }

 private:
  __extension__ using Squares = unsigned __int128;
  struct Percentile {
    uint32_t percent;
    uint32_t bin = 0;
    uint64_t below = 0;  // times in the bins before
  };

  bool Reached(const Percentile& p, uint64_t times) const {
    return times > 0 && times * 100 >= p.percent * within_;
  }
  void Move(Percentile& p, uint32_t minutes, uint64_t times) const {
    if (minutes < p.bin) p.below += times;
    while (!Reached(p, p.below + counts_[p.bin])) p.below += counts_[p.bin++];
    while (p.bin > 0 && Reached(p, p.below)) p.below -= counts_[--p.bin];
  }

  std::vector<uint64_t> counts_;
  Percentile low_, high_;
  uint64_t within_ = 0, beyond_ = 0;
  Squares squares_ = 0;
};

}  // namespace plumbago::serverless
