#include "base/byte_stream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/interrupt.h"
#include "base/system_error.h"

namespace plumbago {

FileStream::FileStream(std::string path, int fd, bool regular, uint64_t size)
    : path_(std::move(path)), fd_(fd), regular_(regular), size_(size) {}

FileStream::~FileStream() {
  if (fd_ != STDIN_FILENO) close(fd_);
}

Result<std::unique_ptr<FileStream>> FileStream::Open(const std::string& path) {
  const bool standard_input = path == "-";
  int fd = STDIN_FILENO;
  if (!standard_input) {
    // A named pipe is opened without waiting for a writer: Read waits, and looks at Interrupted().
    do {
      fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    } while (fd < 0 && errno == EINTR && !Interrupted());
  }
  if (fd < 0) return SystemFail(errno, "cannot open", path);
  struct stat info{};
  if (fstat(fd, &info) != 0) {
    const int error = errno;
    if (!standard_input) close(fd);
    return SystemFail(error, standard_input ? "cannot read standard input" : "cannot read", path);
  }
  if (S_ISDIR(info.st_mode)) {
    if (!standard_input) close(fd);
    return Fail(ErrorKind::kBadInput, "is a folder, not a file", {path});
  }
  // A file given as standard input may have been read in part already; then it is taken as a pipe.
  const bool regular = S_ISREG(info.st_mode) && !(standard_input && lseek(fd, 0, SEEK_CUR) != 0);
  if (regular) posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<FileStream>(
      new FileStream(path, fd, regular, regular ? static_cast<uint64_t>(info.st_size) : 0));
}

Result<size_t> FileStream::Read(char* out, size_t size) {
  if (regular_) {
    // By position, so that standard input stays where it is and can be opened again.
    ASSIGN_OR_RETURN(const size_t n, ReadAt(bytes_read(), out, size));
    bytes_read_.fetch_add(n, std::memory_order_relaxed);
    return n;
  }
  size_t done = 0;
  while (done < size) {
    pollfd wait{fd_, POLLIN, 0};
    if (Interrupted()) {
      if (done > 0) break;
      return Fail(ErrorKind::kInterrupted, "interrupted", {path_});
    }
    // Where data have come a read is tried all the same: a pipe whose last writer was gone before
    // it was opened never reports its end to poll. (Standard input may block; there poll knows.)
    const bool may_try = fd_ != STDIN_FILENO && (done > 0 || bytes_read() > 0);
    const int ready = poll(&wait, 1, 100);
    // After a signal a read of standard input could block: look at Interrupted() first.
    if ((ready == 0 && !may_try) || (ready < 0 && errno == EINTR)) continue;
    const ssize_t n = read(fd_, out + done, size - done);
    if (n == 0) break;
    if (n < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      if (done > 0) break;  // the next Read meets the error again
      return SystemFail(errno, "cannot read", path_);
    }
    done += static_cast<size_t>(n);
  }
  bytes_read_.fetch_add(done, std::memory_order_relaxed);
  return done;
}

Result<size_t> FileStream::ReadAt(uint64_t offset, char* out, size_t size) const {
  size_t done = 0;
  while (done < size) {
    const ssize_t n = pread(fd_, out + done, size - done, static_cast<off_t>(offset + done));
    if (n == 0) break;
    if (n < 0) {
      if (errno == EINTR) continue;
      if (done > 0) break;
      return SystemFail(errno, "cannot read", path_);
    }
    done += static_cast<size_t>(n);
  }
  return done;
}

std::optional<Error> HeadStream::ErrorBehindHead() {
  char byte = 0;
  Result<size_t> n = source_->Read(&byte, 1);
  if (!n) return std::move(n.error());
  head_.append(&byte, *n);
  return std::nullopt;
}

std::string_view HeadStream::Peek(size_t size) {
  if (head_.size() - taken_ < size) {
    head_.erase(0, taken_);
    taken_ = 0;
    const size_t have = head_.size();
    head_.resize(size);
    const Result<size_t> n = source_->Read(head_.data() + have, size - have);
    head_.resize(have + (n ? *n : 0));  // an error comes again when the rest is read
  }
  return std::string_view(head_).substr(taken_, size);
}

Result<size_t> HeadStream::Read(char* out, size_t size) {
  const size_t ready = std::min(size, head_.size() - taken_);
  if (ready > 0) {
    std::memcpy(out, head_.data() + taken_, ready);
    taken_ += ready;
    if (ready == size) return size;
  }
  if (!head_.empty()) {
    head_ = {};
    taken_ = 0;
  }
  Result<size_t> n = source_->Read(out + ready, size - ready);
  if (!n) return ready > 0 ? Result<size_t>(ready) : n;
  return ready + *n;
}

Result<size_t> MemoryStream::Read(char* out, size_t size) {
  const size_t n = std::min(size, bytes_.size());
  if (n > 0) std::memcpy(out, bytes_.data(), n);
  bytes_.remove_prefix(n);
  return n;
}

}  // namespace plumbago
