#include "cli/row_files.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>

namespace plumbago::cli {
namespace {

// Before the extension, and before the packing's: "a.csv.gz" is cut at ".csv.gz".
std::string NameWith(const std::string& path, std::string_view text) {
  const std::filesystem::path whole(path);
  const std::string file = whole.filename().native();
  size_t dot = file.find_last_of('.');
  if (dot != std::string::npos && dot > 0 &&
      (file.substr(dot) == ".gz" || file.substr(dot) == ".zst")) {
    const size_t before = file.find_last_of('.', dot - 1);
    if (before != std::string::npos) dot = before;
  }
  if (dot == std::string::npos || dot == 0) dot = file.size();
  return (whole.parent_path() / fmt::format("{}{}{}", file.substr(0, dot), text, file.substr(dot)))
      .native();
}

std::string NumberedName(const std::string& path, uint64_t number, size_t digits) {
  return NameWith(path, fmt::format("-{:0{}}", number, digits));
}

}  // namespace

std::string BesideName(const std::string& path, std::string_view what) {
  return NameWith(path, fmt::format(".{}", what));
}

Result<RowFiles> RowFiles::Open(const std::string& path, uint64_t files, uint64_t rows) {
  RowFiles out;
  out.name_ = path;
  out.rows_ = rows;
  namespace fs = std::filesystem;
  std::error_code error;
  if (path.ends_with('/')) {
    fs::create_directories(path, error);  // if it fails, opening the file says why
    out.name_ = path + "traces.csv";
  }
  if (files == 0) {
    out.paths_ = {out.name_};
  } else {
    if (path == "-" || (fs::exists(path, error) && !fs::is_regular_file(path, error) &&
                        !fs::is_directory(path, error))) {
      return Fail(ErrorKind::kUsage, fmt::format("--span-files makes files, and {} is none", path));
    }
    if (files > rows)
      return Fail(ErrorKind::kUsage,
                  fmt::format("--span-files {}: there are {} rows only", files, rows));
    const size_t digits = std::to_string(files).size();
    for (uint64_t i = 1; i <= files; ++i) out.paths_.push_back(NumberedName(out.name_, i, digits));
  }
  for (const std::string& name : out.paths_) {
    ASSIGN_OR_RETURN(auto file, OutputFile::Open(name));
    out.regular_ = out.regular_ && file->regular();
    out.files_.push_back(std::move(file));
  }
  return out;
}

Result<void> RowFiles::Write(std::string_view text) {
  if (files_.size() == 1) return files_[0]->Write(text);
  if (!header_whole_) {
    const size_t end = text.find('\n');
    header_.append(text.substr(0, end == std::string_view::npos ? end : end + 1));
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
    header_whole_ = true;
    for (const auto& file : files_) RETURN_IF_ERROR(file->Write(header_));
    lines_left_ = rows_ / files_.size() + (0 < rows_ % files_.size());
  }
  while (!text.empty()) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (lines_left_ > 0) {
      const void* line = std::memchr(at, '\n', static_cast<size_t>(end - at));
      if (line == nullptr) break;
      at = static_cast<const char*>(line) + 1;
      --lines_left_;
    }
    if (lines_left_ > 0) return files_[current_]->Write(text);
    const auto size = static_cast<size_t>(at - text.data());
    RETURN_IF_ERROR(files_[current_]->Write(text.substr(0, size)));
    text.remove_prefix(size);
    if (current_ + 1 == files_.size())
      return text.empty() ? Result<void>() : files_[current_]->Write(text);
    ++current_;
    lines_left_ = rows_ / files_.size() + (current_ < rows_ % files_.size());
  }
  return {};
}

Result<void> RowFiles::Commit() {
  for (const auto& file : files_) RETURN_IF_ERROR(file->Commit());
  return {};
}

}  // namespace plumbago::cli
