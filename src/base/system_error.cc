#include "base/system_error.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <system_error>

namespace plumbago {

namespace {

ErrorKind KindOf(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return ErrorKind::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::kPermission;
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case ENXIO:
      return ErrorKind::kBadInput;
    case EINTR:
      return ErrorKind::kInterrupted;
    default:
      return ErrorKind::kResource;
  }
}

}  // namespace

tl::unexpected<Error> SystemFail(int code, std::string_view what, const std::string& file) {
  std::string reason = std::generic_category().message(code);
  if (code == ENOSPC) reason = "no space left on the disk";
  if (code == EPIPE) reason = "whoever reads it has closed it";
  if (code == EINTR) reason = "interrupted";
  if (code == ENOENT) {
    char target[PATH_MAX];
    const ssize_t size = readlink(file.c_str(), target, sizeof target);
    if (size >= 0) {
      reason = fmt::format("it is a link to {}, which does not exist",
                           std::string_view(target, static_cast<size_t>(size)));
    }
  }
  return Fail(KindOf(code), fmt::format("{}: {}", what, reason), {file});
}

}  // namespace plumbago
