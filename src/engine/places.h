// Where a row stood, as file and line: for rows that this run read, and for those that came from
// saved states, which remember the file and line that they were read from.
//
// An origin of a saved row has the top bit of `block` set (no BlockSource gives such a block); the
// rest of it is the place of the file in the list of files of all states.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/block_source.h"
#include "model/call.h"

namespace plumbago::engine {

inline constexpr uint32_t kSavedOrigin = 1u << 31;

class Places {
 public:
  // `source` may be null: nothing was read but states. It must outlive this.
  explicit Places(const formats::BlockSource* source, std::vector<std::string> saved_files = {})
      : source_(source), saved_files_(std::move(saved_files)) {}

  Place Locate(const model::Origin& origin) const {
    if ((origin.block & kSavedOrigin) == 0) {
      return source_ != nullptr ? source_->Locate(origin) : Place{};
    }
    const uint32_t file = origin.block & ~kSavedOrigin;
    return {file < saved_files_.size() ? saved_files_[file] : std::string(), origin.line, 0};
  }

 private:
  const formats::BlockSource* source_;
  std::vector<std::string> saved_files_;
};

}  // namespace plumbago::engine
