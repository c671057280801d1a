// Inputs as a stream of blocks that several threads take and decode at once.
//
// A block is a few megabytes of one file (decompressed), cut where a record ends. A big plain file
// is cut by position, so threads read different parts of it at the same time; a compressed file or
// a pipe is read in order, and while one thread decodes a block another decompresses the next. Many
// files: each thread takes its own, and shares one only when none is left.
//
// Plain files are read with pread into the caller's storage, not mapped: mapped pages would count
// as our memory, and faulting them in costs more than copying them into a buffer that stays in the
// cache.
//
// Block indexes are not dense: the upper bits are the file's place in the order of names, the lower
// ones the place of the block in it (members of an archive: one after the other). So (block, line)
// of an Origin is the order of the input, the same for any number of threads and any order in which
// files were given. Indexes stay below 2^31: the top bit is free for who keeps them.
//
// A run can go on where an earlier one stopped: see read_progress.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/fetch_report.h"
#include "formats/format.h"
#include "formats/read_progress.h"
#include "model/damage.h"

namespace plumbago::formats {

// One file of the input, or one member of an archive.
struct FileInfo {
  std::string name;    // as the user gave it; "archive.tar.gz:member.csv" for a member; "-" for
                       // standard input
  uint64_t bytes = 0;  // bytes on disk that it stands for (compressed size; the whole archive's at
                       // its first member); for a pipe what was read from it
  uint64_t text_bytes = 0;         // decompressed bytes handed out so far
  const Format* format = nullptr;  // nullptr: it is empty
};

class BlockSource {
 public:
  struct Options {
    const Format* format = nullptr;  // forced; otherwise each file is sniffed
    size_t block_bytes = 2u << 20;
    bool in_order =
        false;  // one file after another, blocks in order (one thread reads): for row-wise work
    size_t max_record_bytes =
        64u << 20;  // a longer record (its end not counted) is damage kTooLong and left out
    // Memory, of all files together, for what is decompressed ahead of its turn where a compressed
    // file consists of frames that can be decoded on their own; 0: nothing is.
    size_t ahead_bytes = 32u << 20;
    std::span<const Format* const> formats = {};  // those that are known; empty: Formats()
    // What an earlier run has read: blocks that it decoded are not handed out again, a file that it
    // finished is not opened. Damage that it has counted is not counted again.
    std::vector<FileProgress> resume = {};
  };

  // `inputs` are files, folders (searched through), globs, addresses (input_scheme.h) or "-".
  // Errors: nothing found, nothing readable, all empty, no known format (says what was seen and
  // what is known); a file of `resume` that changed since (see ChangeSince) or is to be cut
  // differently now. A file of a folder in an unknown format is listed in `skipped`.
  static Result<std::unique_ptr<BlockSource>> Open(std::span<const std::string> inputs,
                                                   const Options& options);
  virtual ~BlockSource() = default;

  // The next block, or nothing at the end and once Interrupted(). Thread-safe. Damage of a file
  // (cut archive, unreadable) is counted in `damage` and the rest goes on. `storage` is the
  // caller's buffer that the block's text lies in; reused from call to call: it never shrinks.
  // Errors: an archive that was named directly and holds nothing in a known format.
  virtual Result<std::optional<Block>> Next(std::string& storage, model::DamageCounts& damage) = 0;
  // Thread-safe: how many lines the block had, told by whoever decoded it.
  virtual void SetLines(uint32_t block, uint64_t lines) = 0;

  // Thread-safe, for progress: bytes of input files consumed, and in all (0 when not known).
  virtual uint64_t bytes_done() const = 0;
  virtual uint64_t bytes_total() const = 0;

  // How far each input file has come that was begun: the blocks whose lines were told, those of
  // Options::resume among them. Pipes, and files that were left out, are not in it. In the order of
  // names. Thread-safe; costs a copy of all that is known of the blocks.
  virtual std::vector<FileProgress> Progress() const = 0;

  // The rest is valid when Next has returned nothing to all. files() is there after Open too
  // (formats known, text_bytes not yet, of an archive the first member only): not while threads are
  // in Next.

  // In the order of their names; members of an archive as they stand in it.
  virtual const std::vector<FileInfo>& files() const = 0;
  // Files of folders that no format knows, and why: "notes.txt: unknown format: text ...". Sorted.
  virtual const std::vector<std::string>& skipped() const = 0;
  // Of each input that is a server, in the order of names.
  virtual std::vector<FetchReport> Fetched() const { return {}; }
  // File, 1-based line (header counted) of a row. Costs a look-up, not a search through the blocks.
  virtual Place Locate(const model::Origin& origin) const = 0;
  // 1-based number of a row in its file, the header not counted (blank and malformed lines are).
  virtual uint64_t RowNumber(const model::Origin& origin) const = 0;
  // Order of origins as they stand in the input: files in the order of their names, then lines.
  static bool Before(const model::Origin& a, const model::Origin& b) {
    return a.block != b.block ? a.block < b.block : a.line < b.line;
  }
};

}  // namespace plumbago::formats
