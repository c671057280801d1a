#include "base/zstd_stream.h"

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>

#include "base/check.h"

namespace plumbago {

namespace {

constexpr size_t kBlockHeader = 3;

std::string Reason(size_t code, uint64_t bytes_out) {
  std::string_view name = ZSTD_getErrorName(code);
  switch (ZSTD_getErrorCode(code)) {
    // A block of more text than may be. Which of two errors that is depends on buffers that the
    // decoder has from frames before.
    case ZSTD_error_dstSize_tooSmall:
      name = ZSTD_getErrorString(ZSTD_error_corruption_detected);
      break;
    case ZSTD_error_frameParameter_windowTooLarge:
      return "zstd data need a window of more than 128 MiB (made with --long or --ultra): "
             "recompress them without";
    case ZSTD_error_prefix_unknown:
      if (bytes_out > 0) return "bytes that are no zstd data follow the end of the zstd data";
      break;
    case ZSTD_error_checksum_wrong:
      return fmt::format("zstd data are damaged (a wrong checksum) after {} bytes of text",
                         bytes_out);
    case ZSTD_error_memory_allocation:
      return "not enough memory to decompress zstd data";
    default:
      break;
  }
  return fmt::format("zstd data are damaged ({}) after {} bytes of text", name, bytes_out);
}

}  // namespace

ZstdStream::ZstdStream(std::unique_ptr<ByteStream> source, std::string file)
    : source_(std::move(source)), file_(std::move(file)), context_(ZSTD_createDCtx()) {
  CHECK(context_ != nullptr);
  input_.resize(ZSTD_DStreamInSize());
}

ZstdStream::~ZstdStream() { ZSTD_freeDCtx(context_); }

void ZstdStream::Restart(std::unique_ptr<ByteStream> source, std::optional<uint64_t> text_before) {
  source_ = std::move(source);
  ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
  input_size_ = 0;
  input_taken_ = 0;
  in_frame_ = !text_before.has_value();
  wanted_ = kFrameStart;
  flushed_ = true;
  finished_ = false;
  bytes_out_ = text_before.value_or(0);
  error_.reset();
}

Result<size_t> ZstdStream::Read(char* out, size_t size) {
  ZSTD_outBuffer output{out, size, 0};
  while (output.pos < size && !finished_ && !error_) {
    if (input_taken_ == input_size_ && flushed_) {
      Result<size_t> n = source_->Read(input_.data(), input_.size());
      if (!n) {
        error_ = std::make_unique<Error>(std::move(n.error()));
        break;
      }
      input_size_ = *n;
      input_taken_ = 0;
      if (*n == 0) {
        if (in_frame_) {
          error_ = std::make_unique<Error>(
              Error{ErrorKind::kBadInput,
                    fmt::format("zstd data end early: the file is cut after {} bytes of text",
                                bytes_out_ + output.pos),
                    {file_}});
        }
        finished_ = !in_frame_;
        break;
      }
    }
    // Where zstd fails it does not tell what it has written in that call. So a call gets the bytes
    // of one block only (`wanted_` counts the header of the next one), and none while text of the
    // one before is held back: then all text before the failure is given, for any size of reads.
    const size_t some = wanted_ > kBlockHeader ? wanted_ - kBlockHeader : wanted_;
    const size_t feed = flushed_ ? std::min(input_size_ - input_taken_, some) : 0;
    ZSTD_inBuffer input{input_.data(), input_taken_ + feed, input_taken_};
    const size_t code = ZSTD_decompressStream(context_, &output, &input);
    input_taken_ = input.pos;
    if (ZSTD_isError(code)) {
      error_ = std::make_unique<Error>(
          Error{ErrorKind::kBadInput, Reason(code, bytes_out_ + output.pos), {file_}});
      break;
    }
    in_frame_ = code != 0;
    wanted_ = code == 0 ? kFrameStart : code;
    flushed_ = code == 0 || output.pos < size;
  }
  bytes_out_ += output.pos;
  if (output.pos == 0 && error_) return tl::unexpected(*error_);
  return output.pos;
}

}  // namespace plumbago
