// When executions end, the first to end in front; of those that end together the first to begin.
//
// Executions of one function take about equally long and so end in order: what ends no earlier than
// the last one of a line waits in that line. There are few lines (a function each, mostly); what
// fits into none goes to a heap.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace plumbago::serverless {

class EndQueue {
 public:
  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  // Not empty.
  int64_t top() const { return top_.ends_us; }

  void Push(int64_t ends_us) {
    const End end{ends_us, number_++};
    if (size_++ == 0 || top_ > end) top_ = end;
    for (size_t i = 0; i < kLines; ++i) {
      Line& line = lines_[i];
      if (!line.empty() && ends_us < line.ends.back().ends_us) continue;
      line.ends.push_back(end);
      used_ = std::max(used_, i + 1);
      return;
    }
    heap_.push_back(end);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  void Pop() {
    const auto at = std::find_if(lines_.begin(), lines_.begin() + used_, [&](const Line& line) {
      return !line.empty() && line.front().number == top_.number;
    });
    if (at != lines_.begin() + used_) {
      at->Pop();
    } else {
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      heap_.pop_back();
    }
    if (--size_ == 0) return;
    top_ = heap_.empty() ? End{INT64_MAX, UINT64_MAX} : heap_.front();
    for (size_t i = 0; i < used_; ++i) {
      if (!lines_[i].empty() && top_ > lines_[i].front()) top_ = lines_[i].front();
    }
  }

 private:
  static constexpr size_t kLines = 8;
  struct End {
    int64_t ends_us;
    uint64_t number;
    bool operator>(const End& other) const {
      return ends_us != other.ends_us ? ends_us > other.ends_us : number > other.number;
    }
  };
  struct Line {
    std::vector<End> ends = {};
    size_t first = 0;  // those before have left
    bool empty() const { return first == ends.size(); }
    const End& front() const { return ends[first]; }
    void Pop() {
      ++first;
      if (first != ends.size() && (first < 1024 || first * 2 < ends.size())) return;
      ends.erase(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(first));
      first = 0;
    }
  };

  std::array<Line, kLines> lines_;
  std::vector<End> heap_;
  End top_{};
  size_t used_ = 0, size_ = 0;  // lines; ends
  uint64_t number_ = 0;
};

}  // namespace plumbago::serverless
