#include "base/error.h"

#include <fmt/format.h>

namespace plumbago {

std::string Place::Text() const {
  if (file.empty()) return line == 0 ? "" : fmt::format("line {}", line);
  if (line == 0) return file;
  return column == 0 ? fmt::format("{}:{}", file, line)
                     : fmt::format("{}:{}:{}", file, line, column);
}

std::string Error::Text() const {
  const std::string place = where.Text();
  return place.empty() ? message : place + ": " + message;
}

int Error::ExitCode() const {
  switch (kind) {
    case ErrorKind::kUsage:
    case ErrorKind::kBadInput:
    case ErrorKind::kNotFound:
    case ErrorKind::kUnsupported:
      return 2;
    case ErrorKind::kInterrupted:
      return 130;
    case ErrorKind::kPermission:
    case ErrorKind::kResource:
    case ErrorKind::kInternal:
      return 3;
  }
  return 3;
}

}  // namespace plumbago
