// Temporary bytes on disk: one file that is unlinked from the start, so that nothing is left behind
// whatever ends the process, SIGKILL included.
//
// It lies in $TMPDIR (else /tmp) and is made at the first Append. Thread-safe: any thread may
// append and read at any time; what was appended can be read as soon as its offset is known.
//
// Errors: kResource when the disk is full (says where, how much was written, and what helps),
// kPermission, kNotFound when there is no such folder. The first error of writing or reading is
// kept (status), for callers that look once at the end.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago {

class SpillFile {
 public:
  // `folder` empty: $TMPDIR, else /tmp.
  explicit SpillFile(std::string folder = {});
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  // Returns the offset at which `bytes` stand from now on.
  Result<uint64_t> Append(std::string_view bytes);
  // The same for parts that lie apart in memory: they stand one after the other.
  Result<uint64_t> Append(std::span<const std::string_view> parts);
  Result<void> ReadAt(uint64_t offset, char* out, size_t size) const;

  // Gives the disk back what nobody will read again, where the file system can. Never fails.
  void Discard(uint64_t offset, uint64_t size) const;

  // Appended so far.
  uint64_t bytes() const { return end_.load(std::memory_order_relaxed); }
  const std::string& folder() const { return folder_; }
  // The name that the system has for it while it is open, for readers that take a path. Something
  // was appended.
  std::string Path() const;
  // The first error so far. Thread-safe.
  Result<void> status() const;

 private:
  Result<int> Open();
  Result<int> OpenOnce();
  tl::unexpected<Error> Failed(Error error) const;

  std::string folder_;
  std::atomic<int> fd_{-1};
  std::atomic<uint64_t> end_{0};
  mutable std::mutex mutex_;  // of opening and of the error
  mutable std::unique_ptr<Error> error_;
};

}  // namespace plumbago
