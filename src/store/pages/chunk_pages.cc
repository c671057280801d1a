#include "store/pages/chunk_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace plumbago::store {
namespace {

constexpr uint64_t kStretch = 256u << 10;
constexpr uint64_t kHeader = 64;             // bytes of most headers
constexpr uint64_t kMostHeader = 16u << 20;  // with statistics of long texts

// So many bytes at most can come of them: a bound for what a header promises.
uint64_t MostUnpacked(Codec codec, uint64_t bytes) {
  switch (codec) {
    case Codec::kPlain:
      return bytes;
    case Codec::kSnappy:
      return bytes * 32;  // 64 of a copy of 3 bytes
    case Codec::kZstd:
      return (bytes / 4 + 1) * (128u << 10);  // a block of one byte repeated
  }
  return 0;
}

unsigned WidthOf(unsigned most) { return static_cast<unsigned>(std::bit_width(most)); }

}  // namespace

tl::unexpected<Error> ChunkPages::Damaged(std::string_view what) const {
  return Fail(ErrorKind::kBadInput, fmt::format("page {}: {}", page_, what));
}

Result<const char*> ChunkPages::Window(uint64_t size) {
  const uint64_t window_end = window_begin_ + window_.size();
  if (at_ < window_begin_ || at_ + size > window_end) {
    const auto wanted = static_cast<size_t>(std::min(std::max(size, kStretch), chunk_.end - at_));
    window_.Resize(wanted);
    window_begin_ = at_;
    auto got = file_->ReadAt(at_, window_.data(), wanted);
    if (!got || *got != wanted) {
      window_.Resize(0);
      if (!got) return tl::unexpected(std::move(got.error()));
      return Damaged("the file ends within the column");
    }
  }
  return window_.data() + (at_ - window_begin_);
}

Result<void> ChunkPages::ReadHeader(PageHeader& header) {
  const uint64_t left = chunk_.end - at_;
  for (uint64_t size = kHeader;; size *= 8) {
    size = std::min({size, left, kMostHeader});
    ASSIGN_OR_RETURN(const char* const bytes, Window(size));
    size_t used = 0;
    if (PageHeader::Read({bytes, static_cast<size_t>(size)}, header, used)) {
      at_ += used;
      return {};
    }
    if (size == left || size == kMostHeader)
      return Damaged("its header is damaged (no Thrift that can be read)");
  }
}

Result<bool> ChunkPages::Next(Decompressor& decompressor, PaddedBytes& buffer, Page& page) {
  while (at_ < chunk_.end) {
    ++page_;
    PageHeader header;
    RETURN_IF_ERROR(ReadHeader(header));
    if (header.size > chunk_.end - at_) {
      return Damaged(
          fmt::format("says {} bytes, of which the column has {}", header.size, chunk_.end - at_));
    }
    if (header.kind == PageHeader::Kind::kIndex || header.kind == PageHeader::Kind::kOther) {
      at_ += header.size;
      continue;
    }
    ASSIGN_OR_RETURN(const char* const bytes, Window(header.size));
    RETURN_IF_ERROR(Open(header, bytes, decompressor, buffer, page));
    at_ += header.size;
    return true;
  }
  return false;
}

Result<void> ChunkPages::Open(const PageHeader& header, const char* bytes,
                              Decompressor& decompressor, PaddedBytes& buffer, Page& page) {
  const std::string_view packed(bytes, header.size);
  if (header.plain_size > kMostPageBytes ||
      header.plain_size > MostUnpacked(static_cast<Codec>(chunk_.codec), header.size)) {
    return Damaged(fmt::format("says {} bytes, which {} compressed ones cannot hold",
                               header.plain_size, header.size));
  }
  page = {};
  page.dictionary = header.kind == PageHeader::Kind::kDictionary;
  page.values = header.values;
  page.encoding = static_cast<Encoding>(header.encoding);
  const bool second = header.kind == PageHeader::Kind::kDataV2;
  // Levels of the second version stand before what is compressed.
  const uint64_t levels =
      second ? uint64_t{header.repetition_size} + header.definition_size : uint64_t{0};
  if (levels > packed.size() || levels > header.plain_size)
    return Damaged(fmt::format("says {} bytes of levels, and has {}", levels, packed.size()));
  buffer.Resize(header.plain_size);
  if (levels > 0) std::memcpy(buffer.data(), bytes, static_cast<size_t>(levels));
  const auto codec =
      second && !header.compressed ? Codec::kPlain : static_cast<Codec>(chunk_.codec);
  const size_t plain = header.plain_size - static_cast<size_t>(levels);
  const bool nothing = second && plain == 0;  // some writers then write no compressed bytes at all
  if (!nothing && !decompressor.Run(codec, packed.substr(static_cast<size_t>(levels)),
                                    buffer.data() + levels, plain)) {
    return Damaged(fmt::format("cannot be decompressed to the {} bytes that it promises", plain));
  }
  if (page.dictionary) {
    page.body = buffer.view();
    return {};
  }
  if (!second) return SplitFirst(header, buffer.view(), page);
  const std::string_view whole = buffer.view();
  page.repetitions = BitRuns(whole.substr(0, header.repetition_size), WidthOf(most_repetition_));
  page.definitions = BitRuns(whole.substr(header.repetition_size, header.definition_size),
                             WidthOf(most_definition_));
  page.body = whole.substr(static_cast<size_t>(levels));
  return {};
}

// The first version: levels that there are, each with its size before it, then values.
Result<void> ChunkPages::SplitFirst(const PageHeader& header, std::string_view plain, Page& page) {
  const auto take = [&](uint8_t most, uint8_t encoding, BitRuns& levels) -> Result<void> {
    if (most == 0) {
      levels = BitRuns({}, 0);
      return {};
    }
    if (encoding != static_cast<uint8_t>(Encoding::kRle))
      return Damaged(fmt::format("levels in encoding {}, expected 3 (RLE)", encoding));
    uint32_t size = 0;
    if (plain.size() < sizeof size) return Damaged("ends before its levels");
    std::memcpy(&size, plain.data(), sizeof size);
    plain.remove_prefix(sizeof size);
    if (size > plain.size())
      return Damaged(fmt::format("says {} bytes of levels, and has {}", size, plain.size()));
    levels = BitRuns(plain.substr(0, size), WidthOf(most));
    plain.remove_prefix(size);
    return {};
  };
  RETURN_IF_ERROR(take(most_repetition_, header.repetition_encoding, page.repetitions));
  RETURN_IF_ERROR(take(most_definition_, header.definition_encoding, page.definitions));
  page.body = plain;
  return {};
}

}  // namespace plumbago::store
