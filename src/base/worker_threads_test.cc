#include "base/worker_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <new>

namespace plumbago {
namespace {

TEST(WorkerThreads, RunTogetherEachWithItsNumber) {
  constexpr unsigned kThreads = 4;
  std::barrier all_there(kThreads);  // hangs if they run one after the other
  std::atomic<unsigned> seen{0};
  RunOnThreads(kThreads, [&](unsigned thread) {
    all_there.arrive_and_wait();
    seen |= 1u << thread;
  });
  EXPECT_EQ(seen.load(), 0b1111u);
}

TEST(WorkerThreads, AnErrorIsToldAndTheOthersEnd) {
  std::atomic<int> ended{0};
  const Result<void> done = RunOnThreads(3, [&](unsigned thread) -> Result<void> {
    ++ended;
    if (thread == 1) return Fail(ErrorKind::kBadInput, "one");
    return {};
  });
  EXPECT_EQ(ended.load(), 3);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "one");
}

TEST(WorkerThreads, OutOfMemoryIsAnError) {
  for (const unsigned threads : {1u, 3u}) {
    const Result<void> done = RunOnThreads(threads, [](unsigned) { throw std::bad_alloc(); });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::kResource);
  }
}

TEST(WorkerThreads, ThereIsACore) { EXPECT_GE(AvailableCores(), 1u); }

}  // namespace
}  // namespace plumbago
