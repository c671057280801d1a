// What is known of one input file while it is read and after: its members, its blocks and their
// lines.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "formats/block_source.h"

namespace plumbago::formats {

// Blocks are numbered by their ordinal: their place in the file (an archive: in all its members).
// Thread-safe.
class FileLedger {
 public:
  // Begins a member (a plain or compressed file has one). Keeps the decoder alive as long as the
  // ledger lives.
  const Decoder* AddMember(std::string name, uint64_t bytes, const Format* format,
                           std::unique_ptr<Decoder> decoder);
  // A block of the newest member. `lines_left_out`: of records that were too long, after its text.
  // One without text is done: nobody will decode it.
  void AddBlock(uint32_t ordinal, uint64_t text_bytes, uint64_t lines_left_out);
  void SetLines(uint32_t ordinal, uint64_t lines);  // the block is done
  void SetBytes(uint64_t bytes);                    // of the first member, for a pipe

  // A block that an earlier run has decoded. It belongs to the newest member.
  void Restore(const BlockProgress& block);
  // What an earlier run knew and this one has not come to. `formats`: where names are looked up.
  void RestoreRest(const FileProgress& before, std::span<const Format* const> formats);

  Place Locate(uint32_t ordinal, uint32_t line) const;
  uint64_t RowNumber(uint32_t ordinal, uint32_t line) const;
  std::vector<FileInfo> Members() const;
  // Sets members and the blocks that are done; those that only `before` knows (null: none) among
  // them. True: each block that was added is done.
  bool Tell(const FileProgress* before, FileProgress& progress) const;

 private:
  struct Entry {
    uint32_t member = 0;
    bool known = false;
    bool done = false;
    uint64_t lines = 0;
    uint64_t left_out = 0;
    uint64_t text_bytes = 0;
  };
  // The mutex is held.
  Entry& At(uint32_t ordinal);
  // 1-based line in the member. `ordinal` is known.
  uint64_t LineNumber(uint32_t ordinal, uint32_t line) const;

  mutable std::mutex mutex_;
  std::vector<FileInfo> members_;
  std::vector<uint64_t> header_lines_;  // of each member
  std::vector<std::unique_ptr<Decoder>> decoders_;
  std::vector<Entry> blocks_;
  // Lines of the member before each block; empty: to be computed.
  mutable std::vector<uint64_t> lines_before_;
};

}  // namespace plumbago::formats
