// Decompresses Zstandard (RFC 8878): several frames one after the other, skippable frames left out.
// Checksums are verified where the frames have them.
//
// About 1 GB/s of text a core; memory: 128 KiB of input and the frame's window, at most 128 MiB.
#pragma once

#include <memory>

#include "base/frame_format.h"

struct ZSTD_DCtx_s;

namespace plumbago {

class ZstdStream final : public FrameDecoder {
 public:
  // `file` is for messages. Errors of Read: kBadInput, the data end early or are damaged.
  ZstdStream(std::unique_ptr<ByteStream> source, std::string file);
  ~ZstdStream() override;
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;

  Result<size_t> Read(char* out, size_t size) override;
  void Restart(std::unique_ptr<ByteStream> source, std::optional<uint64_t> text_before) override;

 private:
  std::unique_ptr<ByteStream> source_;
  std::string file_;
  std::string input_;
  size_t input_size_ = 0;
  size_t input_taken_ = 0;
  ZSTD_DCtx_s* context_;
  static constexpr size_t kFrameStart = 5;  // bytes that tell how long a frame's header is
  size_t wanted_ = kFrameStart;             // bytes that the decoder asks for next
  bool in_frame_ = true;                    // an empty file is no zstd data
  bool flushed_ = true;                     // the decoder holds no output back
  bool finished_ = false;
  uint64_t bytes_out_ = 0;
  std::unique_ptr<Error> error_;
};

}  // namespace plumbago
