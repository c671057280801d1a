#include "base/archive.h"

#include "base/framed_stream.h"
#include "base/gzip_stream.h"
#include "base/tar_stream.h"
#include "base/zstd_stream.h"

namespace plumbago {

namespace {

// The current member of a tar archive, as a stream that can be owned by a decompressor.
class MemberStream final : public ByteStream {
 public:
  explicit MemberStream(TarStream& tar) : tar_(tar) {}
  Result<size_t> Read(char* out, size_t size) override { return tar_.Read(out, size); }

 private:
  TarStream& tar_;
};

// Puts a decompressor on top where the first bytes ask for one.
std::unique_ptr<HeadStream> Decompressed(std::unique_ptr<HeadStream> bytes,
                                         const std::string& file) {
  switch (DetectKind(bytes->Peek(kKindBytes))) {
    case FileKind::kGzip:
      return std::make_unique<HeadStream>(std::make_unique<GzipStream>(std::move(bytes), file));
    case FileKind::kZstd:
      return std::make_unique<HeadStream>(std::make_unique<ZstdStream>(std::move(bytes), file));
    default:
      return bytes;
  }
}

// The frames of a file that can be read by position and has some.
const FrameFormat* FramesOf(const FileStream& file) {
  if (!file.regular()) return nullptr;
  char head[kKindBytes];
  const Result<size_t> n = file.ReadAt(0, head, sizeof head);
  return n ? FindFrameFormat({head, *n}) : nullptr;
}

}  // namespace

Archive::~Archive() = default;

Result<std::unique_ptr<Archive>> Archive::Open(const std::string& path, MemoryShare* ahead) {
  ASSIGN_OR_RETURN(std::unique_ptr<FileStream> file, FileStream::Open(path));
  std::unique_ptr<Archive> archive(new Archive());
  archive->path_ = path;
  archive->file_ = file.get();
  const HeadStream* raw = nullptr;
  if (const FrameFormat* const frames = ahead == nullptr ? nullptr : FramesOf(*file)) {
    archive->ahead_ = std::make_shared<FramesAhead>(std::move(file), *frames, *ahead);
    archive->whole_ =
        std::make_unique<HeadStream>(std::make_unique<FramedStream>(archive->ahead_, path));
  } else {
    auto bytes = std::make_unique<HeadStream>(std::move(file));
    raw = bytes.get();
    archive->whole_ = Decompressed(std::move(bytes), path);
  }
  if (DetectKind(archive->whole_->Peek(kKindBytes)) == FileKind::kTar) {
    archive->tar_ = std::make_unique<TarStream>(std::move(archive->whole_), path);
  } else {
    archive->plain_ = archive->whole_.get() == raw;
  }
  return archive;
}

Result<bool> Archive::Next() {
  if (!tar_) {
    if (current_ && !whole_) return false;
    current_ = std::move(whole_);
    return true;
  }
  ASSIGN_OR_RETURN(const bool more, tar_->Next());
  if (!more) return false;
  member_ = tar_->name();
  current_ = Decompressed(std::make_unique<HeadStream>(std::make_unique<MemberStream>(*tar_)),
                          path_ + ":" + member_);
  return true;
}

}  // namespace plumbago
