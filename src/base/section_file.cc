#include "base/section_file.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/file_kind.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace plumbago {

namespace {

constexpr size_t kMagicBytes = 8;
constexpr size_t kHeader = 24;       // magic, version, flags, checksum
constexpr size_t kBlockHeader = 16;  // raw size, stored size, checksum
constexpr size_t kFooter = 16;       // where the table of contents begins, magic
constexpr size_t kMostName = 255;
constexpr size_t kReadAhead = 4096;
constexpr size_t kNone = std::numeric_limits<size_t>::max();
constexpr int kLevel = 1;

template <class T>
void Put(std::string& out, T value) {
  for (size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}

template <class T>
T Get(const char* at) {
  T value = 0;
  for (size_t i = 0; i < sizeof value; ++i) {
    value |= static_cast<T>(static_cast<T>(static_cast<unsigned char>(at[i])) << (8 * i));
  }
  return value;
}

// Of what is stored, not of what it stands for: so every flipped bit shows, even one that zstd
// would not miss, and zstd never sees damaged bytes. The sizes are the seed.
uint64_t Checksum(const char* stored, size_t stored_size, size_t raw_size) {
  return XXH64(stored, stored_size, uint64_t{raw_size} | uint64_t{stored_size} << 32);
}

struct BlockHeader {
  uint32_t raw = 0;
  uint32_t stored = 0;
  uint64_t checksum = 0;

  static BlockHeader From(std::string_view bytes) {
    CHECK(bytes.size() >= kBlockHeader);
    const char* const at = bytes.begin();
    return {Get<uint32_t>(at), Get<uint32_t>(at + 4), Get<uint64_t>(at + 8)};
  }
  bool possible() const { return raw <= kMostBlock && stored <= raw; }
};

// A thread's own, so that a small block costs no set-up: about 1 MB of tables and 1 MB of room.
struct Sealer {
  Sealer() : context(ZSTD_createCCtx()), room(new char[kMostBlock]) {
    CHECK(context != nullptr);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
  }
  ~Sealer() { ZSTD_freeCCtx(context); }
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  ZSTD_CCtx* context;
  std::unique_ptr<char[]> room;
};

struct Unsealer {
  Unsealer() : context(ZSTD_createDCtx()) { CHECK(context != nullptr); }
  ~Unsealer() { ZSTD_freeDCtx(context); }
  Unsealer(const Unsealer&) = delete;
  Unsealer& operator=(const Unsealer&) = delete;

  ZSTD_DCtx* context;
};

// What is wrong with the block, or "". `header` must be possible and agree with stored.size().
std::string Unseal(const BlockHeader& header, std::string_view stored, std::string& raw) {
  if (Checksum(stored.data(), stored.size(), header.raw) != header.checksum) {
    return "is damaged: its checksum does not match";
  }
  if (header.stored == header.raw) {
    raw.assign(stored);
    return {};
  }
  static thread_local Unsealer unsealer;
  raw.resize(header.raw);
  const size_t n =
      ZSTD_decompressDCtx(unsealer.context, raw.data(), raw.size(), stored.data(), stored.size());
  if (ZSTD_isError(n)) return fmt::format("cannot be decompressed: {}", ZSTD_getErrorName(n));
  if (n != header.raw) {
    return fmt::format("should hold {} bytes, but holds {}", header.raw, n);
  }
  return {};
}

tl::unexpected<Error> BadFile(const std::string& path, std::string message, uint64_t offset = 0) {
  return Fail(ErrorKind::kBadInput, std::move(message), {.file = path, .offset = offset});
}

tl::unexpected<Error> Damaged(const std::string& path, std::string_view what, uint64_t offset = 0) {
  return BadFile(path, fmt::format("{}; make the file again, or copy it again", what), offset);
}

std::string Header(std::string_view magic, uint32_t version) {
  std::string header(magic);
  Put<uint32_t>(header, version);
  Put<uint32_t>(header, 0);
  Put<uint64_t>(header, XXH64(header.data(), header.size(), 0));
  return header;
}

}  // namespace

// ---- writing

struct SectionFileWriter::Impl {
  std::unique_ptr<OutputFile> out;
  std::string magic;
  std::vector<SectionFile::Section> sections;
  uint64_t bytes = 0;

  Result<void> Write(std::string_view text) {
    RETURN_IF_ERROR(out->Write(text));
    bytes += text.size();
    return {};
  }
};

SectionFileWriter::SectionFileWriter() : impl_(std::make_unique<Impl>()) {}
SectionFileWriter::~SectionFileWriter() = default;

Result<std::unique_ptr<SectionFileWriter>> SectionFileWriter::Create(const std::string& path,
                                                                     std::string_view magic,
                                                                     uint32_t version) {
  CHECK(magic.size() == kMagicBytes && version > 0);
  if (path.ends_with(".gz") || path.ends_with(".zst")) {
    return Fail(ErrorKind::kUsage,
                "the file is compressed as it is; choose a name that does not end in .gz or .zst",
                {path});
  }
  std::unique_ptr<SectionFileWriter> writer(new SectionFileWriter());
  ASSIGN_OR_RETURN(writer->impl_->out, OutputFile::Open(path));
  writer->impl_->magic = magic;
  RETURN_IF_ERROR(writer->impl_->Write(Header(magic, version)));
  return writer;
}

void SectionFileWriter::Begin(std::string_view name) {
  CHECK(!name.empty() && name.size() <= kMostName);
  for (const SectionFile::Section& section : impl_->sections) CHECK(section.name != name);
  SectionFile::Section& section = impl_->sections.emplace_back();
  section.name = name;
  section.offset = impl_->bytes;
}

Result<void> SectionFileWriter::WriteBlock(std::string_view raw) { return WriteSealed(Seal(raw)); }

std::string SectionFileWriter::Seal(std::string_view raw) {
  CHECK(raw.size() <= kMostBlock);
  static thread_local Sealer sealer;
  std::string_view stored = raw;
  if (raw.size() > 1) {
    // Room for one byte less than it had: what does not fit has not become smaller.
    const size_t n =
        ZSTD_compress2(sealer.context, sealer.room.get(), raw.size() - 1, raw.data(), raw.size());
    if (!ZSTD_isError(n)) stored = {sealer.room.get(), n};
  }
  std::string sealed;
  sealed.reserve(kBlockHeader + stored.size());
  Put<uint32_t>(sealed, static_cast<uint32_t>(raw.size()));
  Put<uint32_t>(sealed, static_cast<uint32_t>(stored.size()));
  Put<uint64_t>(sealed, Checksum(stored.data(), stored.size(), raw.size()));
  sealed += stored;
  return sealed;
}

Result<void> SectionFileWriter::WriteSealed(std::string_view sealed) {
  CHECK(!impl_->sections.empty() && sealed.size() >= kBlockHeader);
  const BlockHeader header = BlockHeader::From(sealed);
  CHECK(header.possible() && header.stored == sealed.size() - kBlockHeader);
  RETURN_IF_ERROR(impl_->Write(sealed));
  SectionFile::Section& section = impl_->sections.back();
  section.bytes += sealed.size();
  section.raw_bytes += header.raw;
  ++section.blocks;
  return {};
}

Result<void> SectionFileWriter::Commit() {
  std::string contents;
  for (const SectionFile::Section& section : impl_->sections) {
    Put<uint8_t>(contents, static_cast<uint8_t>(section.name.size()));
    contents += section.name;
    Put<uint64_t>(contents, section.offset);
    Put<uint64_t>(contents, section.bytes);
    Put<uint64_t>(contents, section.raw_bytes);
    Put<uint64_t>(contents, section.blocks);
  }
  std::string end = Seal(contents);
  Put<uint64_t>(end, impl_->bytes);
  end += impl_->magic;
  RETURN_IF_ERROR(impl_->Write(end));
  return impl_->out->Commit();
}

uint64_t SectionFileWriter::bytes() const { return impl_->bytes; }

// ---- reading

namespace {

// The sections of a table of contents, which must fill the file from its header to `end` without a
// gap. Gives what is wrong, or "".
std::string ParseContents(std::string_view contents, uint64_t end,
                          std::vector<SectionFile::Section>& sections) {
  uint64_t at = kHeader;
  while (!contents.empty()) {
    const size_t name_size = static_cast<unsigned char>(contents[0]);
    if (name_size == 0 || contents.size() < 1 + name_size + 32) {
      return "the table of contents is damaged: an entry is cut or has no name";
    }
    SectionFile::Section section;
    section.name = contents.substr(1, name_size);
    const char* const numbers = contents.data() + 1 + name_size;
    section.offset = Get<uint64_t>(numbers);
    section.bytes = Get<uint64_t>(numbers + 8);
    section.raw_bytes = Get<uint64_t>(numbers + 16);
    section.blocks = Get<uint64_t>(numbers + 24);
    contents.remove_prefix(1 + name_size + 32);
    // In this order no sum or product overflows: bytes is below the size of the file first.
    if (section.offset != at || section.bytes > end - at ||
        section.blocks > section.bytes / kBlockHeader ||
        section.raw_bytes > section.blocks * kMostBlock ||
        section.raw_bytes < section.bytes - section.blocks * kBlockHeader) {
      return fmt::format(
          "the table of contents is damaged: section \"{}\" cannot be {} bytes in {} blocks at {}",
          section.name, section.bytes, section.blocks, section.offset);
    }
    at += section.bytes;
    sections.push_back(std::move(section));
  }
  if (at != end) {
    return fmt::format("the table of contents is damaged: it leaves {} bytes out", end - at);
  }
  std::vector<std::string_view> names;
  names.reserve(sections.size());
  for (const SectionFile::Section& section : sections) names.push_back(section.name);
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
    return "the table of contents is damaged: two sections have one name";
  }
  return {};
}

}  // namespace

SectionFile::~SectionFile() = default;

Result<std::unique_ptr<SectionFile>> SectionFile::Open(const std::string& path,
                                                       std::string_view magic, uint32_t newest) {
  std::unique_ptr<SectionFile> file(new SectionFile());
  ASSIGN_OR_RETURN(file->file_, FileStream::Open(path));
  file->path_ = path;
  if (!file->file_->regular()) {
    return BadFile(path, "is a pipe or device; what is read from its end must be a file");
  }
  file->size_ = file->file_->size();
  RETURN_IF_ERROR(file->ReadContents(magic, newest));
  return file;
}

Result<std::unique_ptr<SectionFile>> SectionFile::FromBytes(std::string_view bytes,
                                                            std::string name,
                                                            std::string_view magic,
                                                            uint32_t newest) {
  std::unique_ptr<SectionFile> file(new SectionFile());
  file->path_ = std::move(name);
  file->memory_ = bytes;
  file->size_ = bytes.size();
  RETURN_IF_ERROR(file->ReadContents(magic, newest));
  return file;
}

Result<void> SectionFile::ReadContents(std::string_view magic, uint32_t newest) {
  CHECK(magic.size() == kMagicBytes);
  constexpr std::string_view kCut = "has no end: it was cut, is still being written, or is damaged";
  std::string head(std::min<uint64_t>(size_, kKindBytes), '\0');
  RETURN_IF_ERROR(ReadAt(0, head.data(), head.size()));
  if (head.empty() || !std::string_view(head).starts_with(magic.substr(0, head.size()))) {
    return BadFile(path_, fmt::format("is not a file of the kind that is expected here, but {}",
                                      DescribeHead(head)));
  }
  if (size_ < kHeader) return Damaged(path_, kCut);
  version_ = Get<uint32_t>(head.data() + kMagicBytes);
  const auto flags = Get<uint32_t>(head.data() + kMagicBytes + 4);
  if (XXH64(head.data(), 16, 0) != Get<uint64_t>(head.data() + 16)) {
    return Damaged(path_, "is damaged: the checksum of its header does not match");
  }
  if (version_ > newest) {
    return BadFile(path_, fmt::format("is of version {} of its format, and this program reads "
                                      "versions up to {}; use a newer plumbago",
                                      version_, newest));
  }
  if (version_ == 0 || flags != 0) {
    return BadFile(path_, fmt::format("asks for what this program does not know (version {}, "
                                      "flags {:#x}); use a newer plumbago",
                                      version_, flags));
  }

  char footer[kFooter];
  if (size_ < kHeader + kBlockHeader + kFooter) return Damaged(path_, kCut);
  RETURN_IF_ERROR(ReadAt(size_ - kFooter, footer, kFooter));
  if (magic != std::string_view(footer + 8, kMagicBytes)) return Damaged(path_, kCut);
  const auto begin = Get<uint64_t>(footer);
  const uint64_t end = size_ - kFooter;
  if (begin < kHeader || begin > end - kBlockHeader) {
    return Damaged(path_, fmt::format("is damaged: its table of contents cannot be at {}", begin));
  }
  char front[kBlockHeader];
  RETURN_IF_ERROR(ReadAt(begin, front, kBlockHeader));
  const BlockHeader header = BlockHeader::From({front, kBlockHeader});
  if (!header.possible() || header.stored != end - begin - kBlockHeader) {
    return Damaged(path_, "is damaged: its table of contents is not where it should be", begin);
  }
  std::string stored(header.stored, '\0'), contents;
  RETURN_IF_ERROR(ReadAt(begin + kBlockHeader, stored.data(), stored.size()));
  if (const std::string wrong = Unseal(header, stored, contents); !wrong.empty()) {
    return Damaged(path_, "the table of contents " + wrong, begin);
  }
  if (const std::string wrong = ParseContents(contents, begin, sections_); !wrong.empty()) {
    return Damaged(path_, wrong, begin);
  }
  return {};
}

Result<void> SectionFile::ReadAt(uint64_t offset, char* out, size_t size) const {
  if (file_ == nullptr) {
    CHECK(offset <= memory_.size() && size <= memory_.size() - offset);
    if (size > 0) std::memcpy(out, memory_.data() + offset, size);
    return {};
  }
  ASSIGN_OR_RETURN(const size_t n, file_->ReadAt(offset, out, size));
  if (n < size) return BadFile(path_, "became shorter while it was read", offset + n);
  return {};
}

size_t SectionFile::Find(std::string_view name) const {
  for (size_t i = 0; i < sections_.size(); ++i) {
    if (sections_[i].name == name) return i;
  }
  return kNone;
}

bool SectionFile::Has(std::string_view name) const { return Find(name) != kNone; }

SectionCursor SectionFile::Cursor(std::string_view name) const {
  return SectionCursor(*this, Find(name));
}

Result<void> SectionCursor::Want(size_t size) {
  if (sealed_.size() - taken_ >= size) return {};
  const SectionFile::Section& section = file_->sections_[section_];
  sealed_.erase(0, taken_);
  taken_ = 0;
  const uint64_t have = sealed_.size();
  const uint64_t left = section.bytes - at_ - have;
  const uint64_t more = std::min(left, std::max<uint64_t>(size - have, kReadAhead));
  sealed_.resize(have + more);
  Result<void> read = file_->ReadAt(section.offset + at_ + have, sealed_.data() + have, more);
  if (!read) sealed_.resize(have);
  return read;
}

Result<bool> SectionCursor::NextBlock(std::string& raw) {
  raw.clear();
  if (section_ == kNone) return false;
  const SectionFile::Section& section = file_->sections_[section_];
  const auto fail = [&](std::string_view wrong) {
    return Damaged(file_->path_,
                   fmt::format("section \"{}\", block {} of {}: {}", section.name, blocks_ + 1,
                               section.blocks, wrong),
                   section.offset + at_);
  };
  const uint64_t left = section.bytes - at_;
  if (left == 0) {
    if (blocks_ == section.blocks && raw_bytes_ == section.raw_bytes) return false;
    return Damaged(
        file_->path_,
        fmt::format("section \"{}\": holds {} bytes in {} blocks, and should hold {} in "
                    "{}",
                    section.name, raw_bytes_, blocks_, section.raw_bytes, section.blocks),
        section.offset + at_);
  }
  if (left < kBlockHeader) return fail("the block is cut");
  RETURN_IF_ERROR(Want(kBlockHeader));
  const BlockHeader header = BlockHeader::From(std::string_view(sealed_).substr(taken_));
  if (!header.possible() || header.stored > left - kBlockHeader) {
    return fail(fmt::format("the block is damaged: {} bytes cannot be stored as {}", header.raw,
                            header.stored));
  }
  const size_t size = kBlockHeader + header.stored;
  // The next block's header comes along, so that a block is one read.
  RETURN_IF_ERROR(Want(std::min<uint64_t>(left, size + kBlockHeader)));
  const std::string_view stored =
      std::string_view(sealed_).substr(taken_ + kBlockHeader, header.stored);
  if (const std::string wrong = Unseal(header, stored, raw); !wrong.empty()) {
    raw.clear();
    return fail("the block " + wrong);
  }
  taken_ += size;
  at_ += size;
  raw_bytes_ += header.raw;
  ++blocks_;
  return true;
}

}  // namespace plumbago
