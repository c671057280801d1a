// How far a long step has come, as one line on stderr: bytes, rate, time left. Shown on a terminal
// only, from half a second on, at most ten times a second, and erased at the end.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumbago {

class Progress {
 public:
  enum class Unit : uint8_t { kBytes, kItems };

  // `what` is the step: "reading". `total` 0: not known. Nothing happens unless `show` and stderr
  // is a terminal.
  Progress(std::string_view what, uint64_t total, bool show = true, Unit unit = Unit::kBytes);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Thread-safe; costs reading the clock, so call it for thousands of rows, not for each.
  void Update(uint64_t done);
  // Erases the line; further updates do nothing. Call from one thread.
  void Finish();

 private:
  std::string what_;
  uint64_t total_;
  Unit unit_;
  double begin_;
  std::atomic<bool> shown_;
  std::atomic<int64_t> next_ms_;  // after `begin_`, when the line may change again
};

// "reading  1.20 GB of 4.50 GB  27 %  412 MB/s  8 s left"; parts that are not known are left out.
std::string ProgressText(std::string_view what, uint64_t done, uint64_t total, double seconds,
                         Progress::Unit unit);
// Three digits: "999 B", "1.20 kB", "45.1 MB" (powers of 1000).
std::string BytesText(uint64_t bytes);
// "8 s", "3 min 20 s", "2 h 5 min".
std::string SecondsText(double seconds);

}  // namespace plumbago
