// Inputs as a stream of blocks that several threads take and decode at once.
//
// A block is a few megabytes of one file (decompressed), cut where a record ends. A big plain file is cut by
// position, so threads read different parts of it at the same time; a compressed file or a pipe is read in order, and while one thread
// decodes a block another decompresses the next. Many files: each thread takes its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/format.h"
#include "model/damage.h"

namespace plumbago::formats {

// One file of the input, or one member of an archive.
struct FileInfo {
  std::string name;       // as the user gave it; "archive.tar.gz:member.csv" for a member; "-" for standard input
  uint64_t bytes = 0;     // bytes of the file on disk that it stands for (compressed size); 0 for a pipe
  uint64_t text_bytes = 0;  // decompressed bytes read so far
  const Format* format = nullptr;
};

// What the source learnt about a block that was handed out: enough to turn an Origin into file and line.
struct BlockInfo {
  uint32_t file = 0;      // index of FileInfo
  uint32_t ordinal = 0;   // blocks of the file before it, in order of position
  uint64_t lines = 0;     // lines in it; filled through SetLines
  uint64_t offset = 0;    // of its first byte in the decompressed file
};

class BlockSource {
 public:
  struct Options {
    const Format* format = nullptr;   // forced; otherwise each file is sniffed
    size_t block_bytes = 2u << 20;
    bool in_order = false;            // one file after another, blocks in order (one thread reads): for row-wise work
  };

  // `inputs` are files, folders (searched through, sorted), globs or "-". Errors: nothing found, nothing readable,
  // no known format (says what was seen and what is known). A file of a folder in an unknown format is listed in `skipped`.
  static Result<std::unique_ptr<BlockSource>> Open(std::span<const std::string> inputs,
                                                   const Options& options);
  virtual ~BlockSource() = default;

  // The next block, or nothing at the end. Thread-safe. Damage of a file (cut archive, unreadable) is counted
  // in `damage` and the rest goes on. `storage` is the caller's buffer that the block's text lies in; reused from call to call.
  virtual Result<std::optional<Block>> Next(std::string& storage, model::DamageCounts& damage) = 0;
  // Thread-safe: how many lines the block had, told by whoever decoded it.
  virtual void SetLines(uint32_t block, uint64_t lines) = 0;

  // Thread-safe, for progress: bytes of input files consumed, and in all (0 when not known).
  virtual uint64_t bytes_done() const = 0;
  virtual uint64_t bytes_total() const = 0;

  // Valid when Next has returned nothing to all.
  virtual const std::vector<FileInfo>& files() const = 0;
  virtual const std::vector<BlockInfo>& blocks() const = 0;
  virtual const std::vector<std::string>& skipped() const = 0;
  // File, 1-based line (header counted) of a row.
  Place Locate(const model::Origin& origin) const;
  // Order of origins as they stand in the input: files in the order of their names, then lines.
  // Must not be called before the end.
  bool Before(const model::Origin& a, const model::Origin& b) const;
};

}  // namespace plumbago::formats
