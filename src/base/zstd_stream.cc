#include "base/zstd_stream.h"

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/check.h"

namespace plumbago {

namespace {

std::string Reason(size_t code, uint64_t bytes_out) {
  switch (ZSTD_getErrorCode(code)) {
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
  return fmt::format("zstd data are damaged ({}) after {} bytes of text", ZSTD_getErrorName(code),
                     bytes_out);
}

}  // namespace

ZstdStream::ZstdStream(std::unique_ptr<ByteStream> source, std::string file)
    : source_(std::move(source)), file_(std::move(file)), context_(ZSTD_createDCtx()) {
  CHECK(context_ != nullptr);
  input_.resize(ZSTD_DStreamInSize());
}

ZstdStream::~ZstdStream() { ZSTD_freeDCtx(context_); }

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
    ZSTD_inBuffer input{input_.data(), input_size_, input_taken_};
    const size_t code = ZSTD_decompressStream(context_, &output, &input);
    input_taken_ = input.pos;
    if (ZSTD_isError(code)) {
      error_ = std::make_unique<Error>(
          Error{ErrorKind::kBadInput, Reason(code, bytes_out_ + output.pos), {file_}});
      break;
    }
    in_frame_ = code != 0;
    flushed_ = code == 0 || output.pos < size;
  }
  bytes_out_ += output.pos;
  if (output.pos == 0 && error_) return tl::unexpected(*error_);
  return output.pos;
}

}  // namespace plumbago
