// A file as its members: one for a plain or compressed file, each regular file of a tar archive.
// What it is is seen from its first bytes: plain, gzip, zstd, tar, tar in gzip or zstd; a member of
// a tar archive may be compressed itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_stream.h"
#include "base/file_kind.h"
#include "base/frames_ahead.h"
#include "base/memory_share.h"

namespace plumbago {

class TarStream;

class Archive {
 public:
  // "-" is standard input. `ahead`: memory for frames that are decompressed ahead of their turn,
  // where the file has such; it must outlive the archive. Errors: those of FileStream::Open.
  static Result<std::unique_ptr<Archive>> Open(const std::string& path,
                                               MemoryShare* ahead = nullptr);
  ~Archive();

  // Goes to the first or next member; false: there is none. Errors: the archive is damaged or ends
  // early.
  Result<bool> Next();
  // "" where the file is no tar archive.
  const std::string& member() const { return member_; }
  // Looks at the next bytes of the member without consuming them (see HeadStream); where the file
  // is no tar archive also before the first Next.
  std::string_view Peek(size_t size) { return (current_ ? current_ : whole_)->Peek(size); }
  std::optional<Error> ErrorBehindHead() {
    return (current_ ? current_ : whole_)->ErrorBehindHead();
  }
  // Of the member; see ByteStream.
  Result<size_t> Read(char* out, size_t size) { return current_->Read(out, size); }

  // Where frames can be decompressed ahead; otherwise null. May outlive the archive.
  const std::shared_ptr<FramesAhead>& ahead() const { return ahead_; }
  bool is_tar() const { return tar_ != nullptr; }
  // The bytes on disk are the bytes that Read gives: they can be read by position through file().
  bool is_plain() const { return plain_; }
  const FileStream& file() const { return *file_; }

 private:
  Archive() = default;

  std::string path_;
  std::string member_;
  FileStream* file_ = nullptr;  // owned by what stands on it
  std::shared_ptr<FramesAhead> ahead_;
  std::unique_ptr<HeadStream>
      whole_;  // the file, decompressed, until its first member is asked for
  std::unique_ptr<TarStream> tar_;
  std::unique_ptr<HeadStream> current_;
  bool plain_ = false;
};

}  // namespace plumbago
