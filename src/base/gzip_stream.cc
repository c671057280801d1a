#include "base/gzip_stream.h"

#include <fmt/format.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace plumbago {

namespace {

constexpr size_t kInput = 256 << 10;
constexpr size_t kMaxOut = std::numeric_limits<uint32_t>::max() / 2;

const char* Reason(int code) {
  switch (code) {
    case ISAL_INVALID_BLOCK:
      return "an invalid block";
    case ISAL_INVALID_SYMBOL:
      return "an invalid code";
    case ISAL_INVALID_LOOKBACK:
      return "a reference before the start";
    case ISAL_INVALID_WRAPPER:
      return "an invalid header";
    case ISAL_UNSUPPORTED_METHOD:
      return "an unknown compression method";
    case ISAL_INCORRECT_CHECKSUM:
      return "a wrong checksum";
    default:
      return "invalid data";
  }
}

}  // namespace

GzipStream::GzipStream(std::unique_ptr<ByteStream> source, std::string file)
    : source_(std::move(source)),
      file_(std::move(file)),
      input_(std::make_unique_for_overwrite<char[]>(kInput)),
      state_(std::make_unique_for_overwrite<inflate_state>()) {
  isal_inflate_init(state_.get());
  Reset();
}

void GzipStream::Reset() {
  isal_inflate_reset(state_.get());
  state_->crc_flag = ISAL_GZIP;
  // On damaged data ISA-L may give out what an earlier member left in its buffers. What comes of
  // such data must depend on them alone.
  std::memset(&state_->lit_huff_code, 0, sizeof state_->lit_huff_code);
  std::memset(&state_->dist_huff_code, 0, sizeof state_->dist_huff_code);
  std::memset(state_->tmp_out_buffer, 0, sizeof state_->tmp_out_buffer);
}

GzipStream::~GzipStream() = default;

void GzipStream::Restart(std::unique_ptr<ByteStream> source, std::optional<uint64_t> text_before) {
  source_ = std::move(source);
  Reset();
  state_->avail_in = 0;
  in_member_ = false;
  finished_ = false;
  members_ = text_before ? 1 : 0;
  bytes_out_ = text_before.value_or(0);
  error_.reset();
}

Error GzipStream::Bad(std::string message) const {
  return Error{ErrorKind::kBadInput, std::move(message), {file_}};
}

Result<bool> GzipStream::Fill() {
  ASSIGN_OR_RETURN(const size_t n, source_->Read(input_.get(), kInput));
  state_->next_in = reinterpret_cast<uint8_t*>(input_.get());
  state_->avail_in = static_cast<uint32_t>(n);
  return n > 0;
}

// Goes to the start of a member; false: there is none.
Result<bool> GzipStream::NextMember() {
  while (true) {
    if (state_->avail_in == 0) {
      ASSIGN_OR_RETURN(const bool more, Fill());
      if (!more) {
        if (members_ > 0) return false;
        return tl::unexpected(Bad("gzip data end early: no header"));
      }
    }
    if (members_ == 0 || *state_->next_in != 0) break;
    ++state_->next_in;  // padding
    --state_->avail_in;
  }
  if (members_ > 0 && *state_->next_in != 0x1F) {
    return tl::unexpected(Bad("bytes that are no gzip data follow the end of the gzip data"));
  }
  uint8_t* const next_in = state_->next_in;
  const uint32_t avail_in = state_->avail_in;
  Reset();
  state_->next_in = next_in;
  state_->avail_in = avail_in;
  ++members_;
  return true;
}

size_t GzipStream::HeldBack() const {
  return static_cast<size_t>(std::max(0, state_->tmp_out_valid - state_->tmp_out_processed));
}

size_t GzipStream::TakeHeldBack(char* out, size_t size) {
  const size_t n = std::min(size, HeldBack());
  std::memcpy(out, state_->tmp_out_buffer + state_->tmp_out_processed, n);
  state_->tmp_out_processed += static_cast<int32_t>(n);
  return n;
}

Result<size_t> GzipStream::ReadSome(char* out, size_t size) {
  size = std::min(size, kMaxOut);
  state_->next_out = reinterpret_cast<uint8_t*>(out);
  state_->avail_out = static_cast<uint32_t>(size);
  const auto written = [&] { return size - state_->avail_out; };
  while (written() == 0) {
    if (!in_member_) {
      ASSIGN_OR_RETURN(const bool more, NextMember());
      if (!more) {
        finished_ = true;
        return 0;
      }
      in_member_ = true;
    }
    // ISA-L may hold output back inside, so it is called once more before input is fetched.
    const int code = isal_inflate(state_.get());
    if (code < 0) {
      error_ = std::make_unique<Error>(
          Bad(fmt::format("gzip data are damaged ({}) after {} bytes of text", Reason(code),
                          bytes_out_ + written() + HeldBack())));
      break;
    }
    if (state_->block_state == ISAL_BLOCK_FINISH) {
      in_member_ = false;
      continue;
    }
    if (written() == 0 && state_->avail_in == 0) {
      Result<bool> more = Fill();
      if (!more) return tl::unexpected(std::move(more.error()));
      if (!*more) {
        return tl::unexpected(Bad(fmt::format(
            "gzip data end early: the file is cut after {} bytes of text", bytes_out_)));
      }
    }
  }
  const size_t n = written();
  if (n == 0 && error_) return tl::unexpected(*error_);
  return n;
}

Result<size_t> GzipStream::Read(char* out, size_t size) {
  size_t done = 0;
  while (done < size && !finished_) {
    if (error_) {
      const size_t n = TakeHeldBack(out + done, size - done);
      done += n;
      if (n > 0) continue;
      if (done > 0) break;
      return tl::unexpected(*error_);
    }
    Result<size_t> n = ReadSome(out + done, size - done);
    if (!n) {
      error_ = std::make_unique<Error>(std::move(n.error()));
      continue;
    }
    done += *n;
    bytes_out_ += *n;
  }
  return done;
}

}  // namespace plumbago
