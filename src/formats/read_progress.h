// How far a run has come with its input files, so that a later one can go on from there (--resume):
// BlockSource::Progress tells it, BlockSource::Options::resume takes it.
//
// Which bytes a block holds depends on the file, `block_bytes` and the longest record only, never
// on threads or the order in which blocks are taken; so the ordinal of a block means the same in
// the next run. Plain data, to be written and read by whoever keeps it; 40 bytes a block.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumbago::formats {

// A block that was decoded, or one without text that nobody has to decode.
struct BlockProgress {
  uint32_t ordinal = 0;         // its place in the file
  uint32_t member = 0;          // index in FileProgress::members
  uint64_t lines = 0;           // of its text
  uint64_t lines_left_out = 0;  // of records that were too long, after its text
  uint64_t text_bytes = 0;
  friend bool operator==(const BlockProgress&, const BlockProgress&) = default;
};

struct MemberProgress {
  std::string name;    // see FileInfo
  std::string format;  // "": it is empty
  uint64_t bytes = 0;
  uint64_t header_lines = 0;
  friend bool operator==(const MemberProgress&, const MemberProgress&) = default;
};

struct FileProgress {
  std::string path;          // as given, or below the folder that was given
  uint64_t bytes = 0;        // on disk
  int64_t modified_ns = 0;   // since 1970
  uint64_t block_bytes = 0;  // that it was cut by
  uint64_t max_record = 0;   // likewise
  bool at_end = false;       // its end was reached, and damage there was counted
  bool finished = false;     // and all its blocks were decoded: it need not be opened again
  std::vector<MemberProgress> members;
  std::vector<BlockProgress> blocks;  // by ordinal
  std::vector<std::string> skipped;   // members in no known format, and why
  friend bool operator==(const FileProgress&, const FileProgress&) = default;

  // The block of that ordinal if it was decoded; O(log blocks).
  const BlockProgress* Find(uint32_t ordinal) const;
};

// Why the file is not the one that `before` tells of: "changed since: 10 bytes then, 12 now".
// Nothing where it has the same size and time of change. Pipes cannot be gone on with: they always
// differ.
std::optional<std::string> ChangeSince(const FileProgress& before);

// Size and time of change of a regular file ("-": standard input); false, and 0: it is none.
bool StatRegular(const std::string& path, uint64_t& bytes, int64_t& modified_ns);

}  // namespace plumbago::formats
