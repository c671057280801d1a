// Decompresses Zstandard (RFC 8878): several frames one after the other, skippable frames left out.
// Checksums are verified where the frames have them.
//
// About 1 GB/s of text a core; memory: 128 KiB of input and the frame's window, at most 128 MiB.
#pragma once

#include <memory>

#include "base/byte_stream.h"

struct ZSTD_DCtx_s;

namespace plumbago {

class ZstdStream final : public ByteStream {
 public:
  // `file` is for messages. Errors of Read: kBadInput, the data end early or are damaged.
  ZstdStream(std::unique_ptr<ByteStream> source, std::string file);
  ~ZstdStream() override;
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;

  Result<size_t> Read(char* out, size_t size) override;

 private:
  std::unique_ptr<ByteStream> source_;
  std::string file_;
  std::string input_;
  size_t input_size_ = 0;
  size_t input_taken_ = 0;
  ZSTD_DCtx_s* context_;
  bool in_frame_ = true;  // an empty file is no zstd data
  bool flushed_ = true;   // the decoder holds no output back
  bool finished_ = false;
  uint64_t bytes_out_ = 0;
  std::unique_ptr<Error> error_;
};

}  // namespace plumbago
