// What went wrong, where, and what kind of trouble it is. The kind decides the exit code.
#pragma once

#include <cstdint>
#include <string>

namespace plumbago {

enum class ErrorKind : uint8_t {
  kUsage,        // the command line cannot be understood                          exit 2
  kBadInput,     // the data is not what it claims to be                           exit 2
  kNotFound,     // a file, folder, trace or name that is not there                exit 2
  kUnsupported,  // understood, but this build or format cannot do it              exit 2
  kPermission,   // the system said no                                             exit 3
  kResource,     // disk full, out of memory, output failed                        exit 3
  kInterrupted,  // the user asked to stop                                         exit 130
  kInternal,     // a bug of ours                                                  exit 3
};

// Where in the input. A field that is not known is left at its start value and is not printed.
struct Place {
  std::string file;
  uint64_t line = 0;    // 1-based, the header line counted
  uint64_t column = 0;  // 1-based, in bytes
  uint64_t offset = 0;  // bytes from the start of the (decompressed) file

  std::string Text() const;  // "calls.csv:12:7", "calls.csv", or "" when nothing is known
};

struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;  // what failed, on what, what was expected, what to do; values last
  Place where = {};

  std::string Text() const;  // "place: message"
  int ExitCode() const;
};

}  // namespace plumbago
