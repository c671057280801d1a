// Bytes in order, from a file, a pipe, or a decompressor on top of either.
//
// Not thread-safe, except bytes_read(). A stream that fails gives everything it has first: the Read
// that meets the trouble returns the bytes before it, the next one returns the Error, and so does
// every one after that.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Fills `out` with `size` bytes; fewer only where the stream ends or fails. 0: the end.
  virtual Result<size_t> Read(char* out, size_t size) = 0;
};

// Bytes that can be read at any position, by any thread.
class BytesAt {
 public:
  virtual ~BytesAt() = default;
  virtual uint64_t size() const = 0;
  // Fewer bytes only at the end.
  virtual Result<size_t> ReadAt(uint64_t offset, char* out, size_t size) const = 0;
  // Whoever reads them in order is told to have come so far.
  virtual void SetPassed(uint64_t) {}
};

// A file or standard input ("-"), as it lies on disk. Reads of pipes look at Interrupted() ten
// times a second and then fail with kInterrupted.
class FileStream final : public ByteStream, public BytesAt {
 public:
  // Errors: kNotFound, kPermission, kBadInput (a folder, a device that cannot be read).
  static Result<std::unique_ptr<FileStream>> Open(const std::string& path);
  ~FileStream() override;
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;

  Result<size_t> Read(char* out, size_t size) override;
  // Reads at a position; thread-safe; for regular files. Fewer bytes only at the end of the file.
  Result<size_t> ReadAt(uint64_t offset, char* out, size_t size) const override;
  // Read goes on there, and bytes_read() tells so.
  void SetPassed(uint64_t position) override {
    bytes_read_.store(position, std::memory_order_relaxed);
  }

  bool regular() const { return regular_; }
  // Bytes on disk when it was opened; 0 for a pipe.
  uint64_t size() const override { return size_; }
  // Bytes that Read has given out. Thread-safe.
  uint64_t bytes_read() const { return bytes_read_.load(std::memory_order_relaxed); }

 private:
  FileStream(std::string path, int fd, bool regular, uint64_t size);

  std::string path_;
  int fd_;
  bool regular_;
  uint64_t size_;
  std::atomic<uint64_t> bytes_read_{0};
};

// A stream whose first bytes can be looked at before they are read.
class HeadStream final : public ByteStream {
 public:
  explicit HeadStream(std::unique_ptr<ByteStream> source) : source_(std::move(source)) {}
  // The next up to `size` bytes, without consuming them; fewer only where the stream ends or fails
  // (Read then tells which). Valid until the next call.
  std::string_view Peek(size_t size);
  // The Error that follows the bytes that were peeked, if Peek gave too few because of one. Ends
  // the life of what Peek gave.
  std::optional<Error> ErrorBehindHead();
  Result<size_t> Read(char* out, size_t size) override;

 private:
  std::unique_ptr<ByteStream> source_;
  std::string head_;
  size_t taken_ = 0;
};

// Bytes in memory (which must outlive the stream), for tests and fuzzers.
class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(std::string_view bytes) : bytes_(bytes) {}
  Result<size_t> Read(char* out, size_t size) override;

 private:
  std::string_view bytes_;
};

}  // namespace plumbago
