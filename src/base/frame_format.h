// Compressed files that consist of frames which decode on their own, so that several threads can
// decode several at once: Zstandard of more than one frame (pzstd, `cat a.zst b.zst`), and gzip
// whose members tell their size (BGZF, as bgzip writes; SAM specification, section 4.1).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_stream.h"

namespace plumbago {

// Whole frames in a row.
struct FrameRun {
  uint64_t begin = 0;  // in the file
  uint64_t end = 0;
  size_t text_bytes = 0;    // at most, decompressed
  size_t window_bytes = 0;  // that the decoder needs besides
};

// A decompressor that can begin again with other bytes and keep its buffers.
class FrameDecoder : public ByteStream {
 public:
  // `text_before`: the bytes stand behind frames that gave so much text; nothing: at the start of a
  // file. Errors count from there, and no bytes at all are no error behind other frames.
  virtual void Restart(std::unique_ptr<ByteStream> source, std::optional<uint64_t> text_before) = 0;
};

class FrameFormat {
 public:
  virtual ~FrameFormat() = default;
  // The frames that begin at `begin`, until they hold a megabyte of text; nothing where that cannot
  // be told, or one frame alone holds more than `most` bytes. Looks at headers only and believes
  // them: whether the run decodes to its end is what shows that it was one.
  virtual std::optional<FrameRun> Scan(const BytesAt& bytes, uint64_t begin, size_t most) const = 0;
  virtual std::unique_ptr<FrameDecoder> Open(std::unique_ptr<ByteStream> source,
                                             std::string file) const = 0;
};

const FrameFormat& ZstdFrames();
const FrameFormat& BgzfMembers();

// By the first bytes of a file; null: it has no frames that can be found.
const FrameFormat* FindFrameFormat(std::string_view head);

}  // namespace plumbago
