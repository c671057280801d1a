// Decompresses a file of frames in order, and lets other threads decode later frames meanwhile (see
// FramesAhead). Gives the same text and the same error as its format's decoder alone would, whoever
// decodes what: where frames are not what their headers say, they are decoded once more without
// looking at those.
#pragma once

#include <memory>
#include <string>

#include "base/frames_ahead.h"

namespace plumbago {

class FramedStream final : public ByteStream {
 public:
  // `file` is for messages.
  FramedStream(std::shared_ptr<FramesAhead> ahead, std::string file);
  Result<size_t> Read(char* out, size_t size) override;

 private:
  // Decodes in order and without runs from `begin` on, where `text_before` bytes of text were
  // before, and leaves out the first `skip` bytes of what comes.
  Result<void> ReadRest(uint64_t begin, uint64_t text_before, uint64_t skip);
  void Decode(uint64_t begin, uint64_t end, uint64_t text_before);
  Result<size_t> ReadSome(char* out, size_t size);

  const std::shared_ptr<FramesAhead> ahead_;
  const std::string file_;
  std::unique_ptr<FrameDecoder> decoder_;
  FramesAhead::Turn turn_;  // what is read now
  enum class From : uint8_t { kNone, kText, kDecoder, kRest } from_ = From::kNone;
  uint64_t text_before_ = 0;  // that run
  uint64_t given_ = 0;        // of it
  std::unique_ptr<Error> error_;
};

}  // namespace plumbago
