// Inputs that are no files: "NAME=URL". A room above this one says what a name means.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "formats/file_reader.h"

namespace plumbago::formats {

class InputScheme {
 public:
  virtual ~InputScheme() = default;
  struct Opened {
    std::unique_ptr<FileReader> reader;
    const Format* format = nullptr;  // of what it will give
  };
  // `address` is what stands behind NAME=. Finds out that there is somebody to ask, and fetches
  // nothing yet. `settings` and the ledger of `file` outlive the reader. Errors end the run.
  virtual Result<Opened> Open(std::string_view address, const ReaderSettings& settings,
                              ReaderFile file) const = 0;
};

// Before anything is opened, while there is one thread; `scheme` lives as long as the program. A
// name that is there already means the new one from then on.
void RegisterInputScheme(std::string_view name, const InputScheme* scheme);

// The scheme of an address (IsAddress) and what stands behind NAME=. Errors (kUsage): nobody knows
// the name; lists those that are known.
struct SchemeAddress {
  const InputScheme* scheme = nullptr;
  std::string_view address;
};
Result<SchemeAddress> FindInputScheme(std::string_view input);

}  // namespace plumbago::formats
