#include "base/framed_stream.h"

#include <algorithm>
#include <cstring>

#include "base/bytes_at.h"

namespace plumbago {

FramedStream::FramedStream(std::shared_ptr<FramesAhead> ahead, std::string file)
    : ahead_(std::move(ahead)), file_(std::move(file)) {}

void FramedStream::Decode(uint64_t begin, uint64_t end, uint64_t text_before) {
  auto source = std::make_unique<RangeStream>(ahead_->bytes(), begin, end);
  const auto before = begin == 0 ? std::nullopt : std::optional(text_before);
  if (!decoder_) decoder_ = ahead_->format().Open(nullptr, file_);
  decoder_->Restart(std::move(source), before);
}

Result<void> FramedStream::ReadRest(uint64_t begin, uint64_t text_before, uint64_t skip) {
  from_ = From::kRest;
  Decode(begin, std::max(begin, ahead_->bytes().size()), text_before);
  std::string passed(static_cast<size_t>(std::min<uint64_t>(skip, 256 << 10)), '\0');
  while (skip > 0) {
    ASSIGN_OR_RETURN(const size_t n,
                     decoder_->Read(passed.data(),
                                    static_cast<size_t>(std::min<uint64_t>(skip, passed.size()))));
    if (n == 0) break;
    skip -= n;
  }
  return {};
}

Result<size_t> FramedStream::ReadSome(char* out, size_t size) {
  while (true) {
    switch (from_) {
      case From::kRest:
        return decoder_->Read(out, size);
      case From::kText: {
        const FramesAhead::Text& text = *turn_.text;
        const auto at = static_cast<size_t>(given_);
        const size_t n = std::min(size, text.text_size - at);
        if (n > 0) std::memcpy(out, text.text.get() + at, n);
        given_ += n;
        if (n > 0) return n;
        ahead_->bytes().SetPassed(turn_.run.end);
        ahead_->GiveBack(std::move(turn_.text));
        break;
      }
      case From::kDecoder: {
        Result<size_t> n = decoder_->Read(out, size);
        if (!n) {
          RETURN_IF_ERROR(ReadRest(turn_.run.begin, text_before_, given_));
          continue;
        }
        given_ += *n;
        if (*n > 0) return n;
        break;
      }
      case From::kNone:
        break;
    }
    text_before_ += given_;
    given_ = 0;
    from_ = From::kNone;
    std::optional<FramesAhead::Turn> turn = ahead_->Next();
    if (!turn) {
      RETURN_IF_ERROR(ReadRest(ahead_->known_end(), text_before_, 0));
      continue;
    }
    turn_ = std::move(*turn);
    from_ = turn_.text ? From::kText : From::kDecoder;
    if (!turn_.text) Decode(turn_.run.begin, turn_.run.end, text_before_);
  }
}

Result<size_t> FramedStream::Read(char* out, size_t size) {
  size_t done = 0;
  while (done < size && !error_) {
    Result<size_t> n = ReadSome(out + done, size - done);
    if (!n) {
      error_ = std::make_unique<Error>(std::move(n.error()));
      break;
    }
    if (*n == 0) break;
    done += *n;
  }
  if (done == 0 && error_) return tl::unexpected(*error_);
  return done;
}

}  // namespace plumbago
