#include "base/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <filesystem>

#include "base/compressor.h"
#include "base/system_error.h"
#include "base/temporary_names.h"

namespace plumbago {

namespace {

constexpr size_t kGather = 256 << 10;

// The file that `path` leads to, so that a link stays a link.
std::string FollowLinks(const std::string& path) {
  char resolved[PATH_MAX];
  return realpath(path.c_str(), resolved) != nullptr ? std::string(resolved) : path;
}

std::string TemporaryName(const std::string& target) {
  static std::atomic<unsigned> count{0};
  const std::filesystem::path path(target);
  return (path.parent_path() /
          fmt::format(".{}.{}-{}.tmp", path.filename().native(), getpid(), count++))
      .native();
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::Open(const std::string& path) {
  if (path.empty()) return Fail(ErrorKind::kUsage, "an empty file name");
  std::unique_ptr<OutputFile> file(new OutputFile());
  file->path_ = path == "-" ? "standard output" : path;
  struct stat info{};
  const bool there = path != "-" && stat(path.c_str(), &info) == 0;
  if (there && S_ISDIR(info.st_mode))
    return Fail(ErrorKind::kBadInput, "is a folder, not a file", {path});
  if (path == "-") {
    file->fd_ = STDOUT_FILENO;
    file->close_ = false;
  } else if (there && !S_ISREG(info.st_mode)) {
    file->fd_ = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file->fd_ < 0) return SystemFail(errno, "cannot write", path);
  } else {
    file->target_ = FollowLinks(path);
    // Renaming over a file that may not be written would work; the user would not want it.
    if (there && access(path.c_str(), W_OK) != 0) return SystemFail(errno, "cannot write", path);
    const std::string temporary = TemporaryName(file->target_);
    file->temporary_slot_ = RememberTemporaryName(temporary);
    file->fd_ = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file->fd_ < 0) {
      const int error = errno;
      ForgetTemporaryName(file->temporary_slot_);
      const std::filesystem::path parent = std::filesystem::path(file->target_).parent_path();
      if (error == ENOENT && !parent.empty() && access(parent.c_str(), F_OK) != 0) {
        return Fail(ErrorKind::kNotFound,
                    fmt::format("cannot write: there is no folder {}", parent.native()), {path});
      }
      return SystemFail(error, "cannot write", path);
    }
    file->temporary_ = temporary;
    if (there && fchmod(file->fd_, info.st_mode & 0777) != 0)
      return SystemFail(errno, "cannot write", path);
  }
  file->compressor_ = Compressor::ForName(path);
  return file;
}

OutputFile::~OutputFile() {
  if (fd_ >= 0 && close_) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
  ForgetTemporaryName(temporary_slot_);
}

Result<void> OutputFile::Failed(Error error) {
  error_ = std::make_unique<Error>(std::move(error));
  return tl::unexpected(*error_);
}

Result<void> OutputFile::WriteOut(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd_, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return SystemFail(errno, "cannot write", path_);
    }
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return {};
}

Result<void> OutputFile::Write(std::string_view text) {
  if (error_) return tl::unexpected(*error_);
  if (stage_) {
    Result<void> written = stage_->Write(text);
    return written ? written : Failed(std::move(written.error()));
  }
  if (compressor_) {
    compressor_->Add(text, gathered_);
  } else if (gathered_.size() + text.size() < kGather) {
    gathered_ += text;
    return {};
  } else {
    RETURN_IF_ERROR(Flush());
    Result<void> written = WriteOut(text);
    return written ? written : Failed(std::move(written.error()));
  }
  return gathered_.size() < kGather ? Result<void>() : Flush();
}

Result<void> OutputFile::Flush() {
  if (error_) return tl::unexpected(*error_);
  Result<void> written = WriteOut(gathered_);
  gathered_.clear();
  return written ? written : Failed(std::move(written.error()));
}

Result<void> OutputFile::Commit() {
  if (error_) return tl::unexpected(*error_);
  if (const std::unique_ptr<FileStage> stage = std::move(stage_)) {
    Result<void> finished = stage->Finish([this](std::string_view bytes) { return Write(bytes); });
    if (!finished) return Failed(std::move(finished.error()));
  }
  if (compressor_) compressor_->Finish(gathered_);
  compressor_.reset();
  RETURN_IF_ERROR(Flush());
  if (!close_) return {};
  const int fd = std::exchange(fd_, -1);
  // A network file system may find out only now that its disk is full.
  if (close(fd) != 0) return Failed(SystemFail(errno, "cannot write", path_).value());
  if (temporary_.empty()) return {};
  if (rename(temporary_.c_str(), target_.c_str()) != 0) {
    return Failed(SystemFail(errno, "cannot put the file in its place", path_).value());
  }
  temporary_.clear();
  ForgetTemporaryName(std::exchange(temporary_slot_, -1));
  return {};
}

}  // namespace plumbago
