// A file that is there whole or not at all.
//
//   ASSIGN_OR_RETURN(const auto out, OutputFile::Open("calls.csv.gz"));
//   RETURN_IF_ERROR(out->Write(text));
//   RETURN_IF_ERROR(out->Commit());
//
// A regular file is written aside, under a temporary name in the same folder, and renamed by
// Commit; without it the destructor removes it, and so does UnlinkTemporaryNames when a signal ends
// the process. "-" (standard output), devices and pipes are written straight. A name that ends in
// .gz or .zst is compressed (zlib level 1, zstd level 3).
//
// Errors: kPermission, kNotFound (no such folder), kBadInput (a folder), kResource (disk full, the
// reader of the pipe is gone). After an error every call gives it again. Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumbago {

class Compressor;

// Makes a file of another kind (Parquet) of what is written. Not thread-safe.
class FileStage {
 public:
  virtual ~FileStage() = default;
  virtual Result<void> Write(std::string_view text) = 0;
  // Hands all bytes of the file to `put`. Nothing is written afterwards.
  virtual Result<void> Finish(const std::function<Result<void>(std::string_view)>& put) = 0;
};

class OutputFile {
 public:
  static Result<std::unique_ptr<OutputFile>> Open(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // From here on, what is written goes through `stage`; nullptr: nothing stands between.
  void Through(std::unique_ptr<FileStage> stage) { stage_ = std::move(stage); }
  // Small writes are gathered (256 KiB), large ones go straight to the system.
  Result<void> Write(std::string_view text);
  // Writes what is gathered, to a pipe or terminal too. Not needed before Commit.
  Result<void> Flush();
  // Ends the file and puts it in its place. Nothing may be written afterwards.
  Result<void> Commit();

  const std::string& path() const { return path_; }
  // A regular file that was written aside: not standard output, no pipe, no device.
  bool regular() const { return !temporary_.empty(); }

 private:
  OutputFile() = default;
  Result<void> Failed(Error error);
  Result<void> WriteOut(std::string_view bytes);

  std::string path_;       // as given, for messages
  std::string target_;     // links followed
  std::string temporary_;  // empty: written straight
  int temporary_slot_ = -1;
  int fd_ = -1;
  bool close_ = true;
  std::string gathered_;
  std::unique_ptr<FileStage> stage_;
  std::unique_ptr<Compressor> compressor_;
  std::unique_ptr<Error> error_;
};

}  // namespace plumbago
