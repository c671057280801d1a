// Text made on several threads, written in the order of its turns. A thread that is ahead waits for
// its turn.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "base/output_file.h"
#include "base/result.h"

namespace plumbago::engine {

// Thread-safe. Turns are 0, 1, 2, ...; each must be written exactly once, by a thread that holds no
// later one.
class OrderedOutput {
 public:
  // `between` stands between texts that are not empty.
  explicit OrderedOutput(OutputFile& out, std::string_view between = {})
      : out_(out), between_(between) {}

  void Write(uint64_t turn, std::string_view text) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return next_ == turn || failed_; });
    if (!failed_ && !text.empty()) {
      if (some_ && !between_.empty()) Keep(out_.Write(between_));
      some_ = true;
      if (!failed_) Keep(out_.Write(text));
    }
    ++next_;
    changed_.notify_all();
  }
  // Gives up: waiting threads go on without writing.
  void Fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    Keep(tl::unexpected<Error>(error));
    changed_.notify_all();
  }
  bool failed() const { return failed_; }
  Result<void> status() const { return status_; }

 private:
  void Keep(Result<void> result) {
    if (result || failed_) return;
    status_ = std::move(result);
    failed_ = true;
  }

  OutputFile& out_;
  const std::string_view between_;
  bool some_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t next_ = 0;
  std::atomic<bool> failed_{false};
  Result<void> status_;
};

}  // namespace plumbago::engine
