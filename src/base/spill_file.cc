#include "base/spill_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/progress.h"
#include "base/system_error.h"

namespace plumbago {

namespace {

constexpr size_t kMostParts = 256;  // of one call; IOV_MAX is 1024

std::string DefaultFolder() {
  const char* const set = std::getenv("TMPDIR");
  return set != nullptr && *set != '\0' ? set : "/tmp";
}

tl::unexpected<Error> CannotWrite(int code, const std::string& folder, uint64_t written) {
  Error error = SystemFail(code, "cannot write temporary data", folder).value();
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
    error.kind = ErrorKind::kResource;
    error.message +=
        fmt::format(" after {}; set TMPDIR to a folder on a larger disk, or give more "
                    "--memory where the command takes it",
                    BytesText(written));
  }
  return tl::unexpected(std::move(error));
}

}  // namespace

SpillFile::SpillFile(std::string folder)
    : folder_(folder.empty() ? DefaultFolder() : std::move(folder)) {}

SpillFile::~SpillFile() {
  const int fd = fd_.load();
  if (fd >= 0) close(fd);
}

tl::unexpected<Error> SpillFile::Failed(Error error) const {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::make_unique<Error>(error);
  return tl::unexpected(std::move(error));
}

std::string SpillFile::Path() const { return fmt::format("/proc/self/fd/{}", fd_.load()); }

Result<void> SpillFile::status() const {
  const std::lock_guard lock(mutex_);
  if (error_) return tl::unexpected(*error_);
  return {};
}

Result<int> SpillFile::Open() {
  const int fd = fd_.load(std::memory_order_acquire);
  if (fd >= 0) return fd;
  Result<int> opened = OpenOnce();
  return opened ? opened : Failed(std::move(opened.error()));
}

Result<int> SpillFile::OpenOnce() {
  const std::lock_guard lock(mutex_);
  int fd = fd_.load(std::memory_order_relaxed);
  if (fd >= 0) return fd;
  fd = open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (fd < 0 && errno != ENOENT && errno != ENOTDIR && errno != EACCES && errno != ENOSPC) {
    // Not every file system knows files without a name.
    std::string name = folder_ + "/.plumbago-XXXXXX";
    fd = mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0) unlink(name.c_str());
  }
  if (fd < 0) return SystemFail(errno, "cannot make a temporary file in TMPDIR", folder_);
  fd_.store(fd, std::memory_order_release);
  return fd;
}

Result<uint64_t> SpillFile::Append(std::string_view bytes) { return Append(std::span(&bytes, 1)); }

Result<uint64_t> SpillFile::Append(std::span<const std::string_view> parts) {
  ASSIGN_OR_RETURN(const int fd, Open());
  uint64_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  const uint64_t begin = end_.fetch_add(size, std::memory_order_relaxed);
  uint64_t at = begin;
  size_t part = 0;
  size_t within = 0;  // bytes of that part that are written
  while (at != begin + size) {
    std::array<iovec, kMostParts> gathered;
    size_t count = 0;
    for (size_t i = part; i < parts.size() && count < kMostParts; ++i) {
      const std::string_view rest = parts[i].substr(i == part ? within : 0);
      if (rest.empty()) continue;
      gathered[count++] = {const_cast<char*>(rest.data()), rest.size()};
    }
    const ssize_t n = pwritev(fd, gathered.data(), static_cast<int>(count), static_cast<off_t>(at));
    if (n < 0) {
      if (errno == EINTR) continue;
      return Failed(CannotWrite(errno, folder_, at).value());
    }
    at += static_cast<uint64_t>(n);
    auto left = static_cast<size_t>(n);
    while (left > 0) {
      const size_t step = std::min(left, parts[part].size() - within);
      left -= step;
      within += step;
      if (within < parts[part].size()) break;
      ++part;
      within = 0;
    }
  }
  return begin;
}

Result<void> SpillFile::ReadAt(uint64_t offset, char* out, size_t size) const {
  const int fd = fd_.load(std::memory_order_acquire);
  while (size > 0) {
    const ssize_t n = pread(fd, out, size, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed(SystemFail(errno, "cannot read temporary data", folder_).value());
    if (n == 0) {
      return Failed({ErrorKind::kInternal, "temporary data end early", {folder_}});
    }
    out += n;
    offset += static_cast<uint64_t>(n);
    size -= static_cast<size_t>(n);
  }
  return {};
}

void SpillFile::Discard(uint64_t offset, uint64_t size) const {
  const int fd = fd_.load(std::memory_order_acquire);
  if (fd < 0 || size == 0) return;
  fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
            static_cast<off_t>(size));
}

}  // namespace plumbago
