#include "formats/read_progress.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace plumbago::formats {

const BlockProgress* FileProgress::Find(uint32_t ordinal) const {
  const auto at = std::lower_bound(
      blocks.begin(), blocks.end(), ordinal,
      [](const BlockProgress& block, uint32_t wanted) { return block.ordinal < wanted; });
  return at != blocks.end() && at->ordinal == ordinal ? &*at : nullptr;
}

bool StatRegular(const std::string& path, uint64_t& bytes, int64_t& modified_ns) {
  struct stat info{};
  const int failed = path == "-" ? fstat(STDIN_FILENO, &info) : stat(path.c_str(), &info);
  bytes = 0;
  modified_ns = 0;
  if (failed != 0 || !S_ISREG(info.st_mode)) return false;
  bytes = static_cast<uint64_t>(info.st_size);
  modified_ns = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
  return true;
}

std::optional<std::string> ChangeSince(const FileProgress& before) {
  uint64_t bytes = 0;
  int64_t modified_ns = 0;
  const bool was_regular = before.modified_ns != 0;
  if (StatRegular(before.path, bytes, modified_ns) != was_regular) {
    return was_regular ? "is no longer there as a regular file" : "has come since";
  }
  if (bytes != before.bytes) {
    return fmt::format("changed since: {} bytes then, {} now", before.bytes, bytes);
  }
  if (modified_ns != before.modified_ns) return "changed since: it was written to";
  return std::nullopt;
}

}  // namespace plumbago::formats
