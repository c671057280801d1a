// Where generated rows go: one file, or several consecutive ones (--span-files), each with the
// header.
//
// Several are named after the one: traces.csv.gz gives traces-1.csv.gz, traces-2.csv.gz, ...;
// numbers have the same number of digits, so that names sort in the order of the rows. DIR/ stands
// for DIR/traces.csv and is made if it is not there. The first files hold one row more where rows
// do not divide.
//
// All are written aside; Commit puts them in their places at the end. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/output_file.h"
#include "base/result.h"

namespace plumbago::cli {

inline constexpr uint64_t kMostSpanFiles = 64;  // as many names as a signal handler can remove

// "traces.csv.gz", "nodes": "traces.nodes.csv.gz", a file beside it.
std::string BesideName(const std::string& path, std::string_view what);

class RowFiles {
 public:
  // `files`: 0 for one file under its own name. Errors: as OutputFile; kUsage for a pipe or more
  // files than rows.
  static Result<RowFiles> Open(const std::string& path, uint64_t files, uint64_t rows);

  // Text in any pieces: a header line, then lines, each a row.
  Result<void> Write(std::string_view text);
  Result<void> Commit();

  const std::vector<std::string>& paths() const { return paths_; }
  // What names the whole: the path as given, or DIR/traces.csv.
  const std::string& name() const { return name_; }
  bool regular() const { return regular_; }

 private:
  std::string name_;
  std::vector<std::string> paths_;
  std::vector<std::unique_ptr<OutputFile>> files_;
  bool regular_ = true;
  uint64_t rows_ = 0;
  size_t current_ = 0;
  uint64_t lines_left_ = 0;  // of the current file
  bool header_whole_ = false;
  std::string header_;
};

}  // namespace plumbago::cli
