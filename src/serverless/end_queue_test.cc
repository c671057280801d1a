#include "serverless/end_queue.h"

#include <gtest/gtest.h>

#include <queue>
#include <random>
#include <vector>

namespace plumbago::serverless {
namespace {

// Few durations have a line each, many share the heap.
TEST(EndQueue, IsAHeap) {
  std::mt19937 engine(1);
  for (const uint32_t durations : {1u, 3u, 8u, 40u}) {
    EndQueue queue;
    std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> heap;
    for (int64_t now = 0; now < 20'000; ++now) {
      for (; !heap.empty() && heap.top() <= now; heap.pop(), queue.Pop()) {
        ASSERT_FALSE(queue.empty());
        ASSERT_EQ(queue.top(), heap.top());
      }
      ASSERT_EQ(queue.size(), heap.size());
      ASSERT_TRUE(queue.empty() || queue.top() > now);
      const int64_t ends = now + 1 + static_cast<int64_t>(engine() % durations) * 37;
      queue.Push(ends);
      heap.push(ends);
    }
  }
}

}  // namespace
}  // namespace plumbago::serverless
