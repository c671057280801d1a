#include "base/input_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/edit_distance.h"
#include "base/system_error.h"

namespace plumbago {

namespace {

namespace fs = std::filesystem;

bool Hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

std::string NearName(const std::string& path) {
  const fs::path wanted(path);
  const fs::path folder = wanted.has_parent_path() ? wanted.parent_path() : fs::path(".");
  std::error_code ignored;
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder, ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    names.push_back(it->path().filename().native());
    if (names.size() > 20000) break;  // a hint is not worth more
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view near = NearestName(wanted.filename().native(), views);
  if (near.empty()) return "";
  return wanted.has_parent_path() ? (wanted.parent_path() / near).native() : std::string(near);
}

// "name=" of an address.
size_t AddressName(std::string_view argument) {
  const size_t equals = argument.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
  const bool is_name = equals != 0 && equals < argument.size() && argument[equals] == '=';
  return is_name ? equals + 1 : 0;
}

tl::unexpected<Error> Missing(const std::string& path) {
  struct stat info{};
  // A link is there; what it leads to is not, and a similar name is no hint then.
  if (lstat(path.c_str(), &info) == 0) return SystemFail(ENOENT, "cannot open", path);
  const std::string near = NearName(path);
  if (const size_t name = AddressName(path); name != 0 && near.empty()) {
    return Fail(ErrorKind::kNotFound,
                fmt::format("no such file or folder; a server is written {}http://HOST:PORT",
                            path.substr(0, name)),
                {path});
  }
  return Fail(ErrorKind::kNotFound,
              near.empty() ? "no such file or folder"
                           : fmt::format("no such file or folder; did you mean {}?", near),
              {path});
}

// Lists files below folders. A folder that is reached twice (a link leads to it) is searched once.
// Pipes, devices and sockets are left out: nobody who names a folder means to wait for one of them.
class Walk {
 public:
  explicit Walk(std::vector<std::string>& out) : out_(out) {}

  // All files below `folder`, in no order. A folder in it that cannot be searched is listed itself:
  // opening it says why.
  Result<void> Folder(const std::string& folder, bool outermost = true) {
    if (!IsNew(folder)) return {};
    std::error_code error;
    fs::directory_iterator it(folder, error);
    if (error && outermost) return SystemFail(error.value(), "cannot search the folder", folder);
    if (error) out_.push_back(folder);
    for (const fs::directory_iterator end; !error && it != end; it.increment(error)) {
      if (Hidden(it->path())) continue;
      std::error_code ignored;
      if (it->is_directory(ignored)) {
        RETURN_IF_ERROR(Folder(it->path().native(), false));
      } else {
        File(it->path().native());
      }
    }
    return {};
  }

  // All files that match `pattern`, and those in folders that do. Looks into `folder` ("" or ending
  // in a slash) and `levels` deep below it.
  Result<void> Glob(const std::string& pattern, const std::string& folder, int levels) {
    const bool hidden_too = pattern.compare(pattern.rfind('/') + 1, 1, ".") == 0;
    std::error_code error;
    fs::directory_iterator it(folder.empty() ? "." : folder, error);
    for (const fs::directory_iterator end; !error && it != end; it.increment(error)) {
      if (Hidden(it->path()) && !hidden_too) continue;
      const std::string path = folder + it->path().filename().native();
      std::error_code ignored;
      const bool is_folder = it->is_directory(ignored);
      if (GlobMatches(pattern, path)) {
        if (is_folder) {
          RETURN_IF_ERROR(Folder(path, false));
        } else {
          File(path);
        }
      } else if (is_folder && levels > 0 && IsNew(path)) {
        RETURN_IF_ERROR(Glob(pattern, path + "/", levels - 1));
      }
    }
    return {};
  }

  // Why the list may be empty although something was found.
  std::string_view LeftOut() const {
    return left_out_ ? " (pipes, devices and sockets are read only where they are named)" : "";
  }

 private:
  void File(const std::string& path) {
    struct stat info{};
    // A link that leads nowhere is listed: opening it says why.
    if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
      left_out_ = true;
    } else {
      out_.push_back(path);
    }
  }
  bool IsNew(const std::string& folder) {
    struct stat info{};
    if (stat(folder.c_str(), &info) != 0) return true;  // opening it says why
    return seen_.emplace(info.st_dev, info.st_ino).second;
  }

  std::vector<std::string>& out_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  bool left_out_ = false;
};

// The folder in which a glob's matches lie: the part before the first component with a wildcard.
std::string GlobRoot(std::string_view pattern) {
  const size_t slash = pattern.substr(0, pattern.find_first_of("*?[")).rfind('/');
  return slash == std::string_view::npos ? "" : std::string(pattern.substr(0, slash + 1));
}

// How many folders deep below its root a glob may match.
int GlobLevels(std::string_view pattern) {
  if (pattern.find("**") != std::string_view::npos) return 1000;
  return static_cast<int>(std::count(pattern.begin(), pattern.end(), '/'));
}

bool InClass(std::string_view members, char c) {
  bool found = false;
  for (size_t i = 0; i < members.size(); ++i) {
    if (i + 2 < members.size() && members[i + 1] == '-') {
      found = found || (members[i] <= c && c <= members[i + 2]);
      i += 2;
    } else {
      found = found || members[i] == c;
    }
  }
  return found;
}

}  // namespace

bool IsAddress(std::string_view argument) {
  const size_t name = AddressName(argument);
  if (name == 0) return false;
  const std::string_view url = argument.substr(name);
  return url.starts_with("http://") || url.starts_with("https://");
}

bool GlobMatches(std::string_view pattern, std::string_view name) {
  while (!pattern.empty()) {
    const char p = pattern[0];
    if (p == '*') {
      const bool deep = pattern.starts_with("**");
      pattern.remove_prefix(deep ? 2 : 1);
      // `**/` also stands for no folder at all.
      if (deep && pattern.starts_with('/') && GlobMatches(pattern.substr(1), name)) return true;
      for (size_t skip = 0; skip <= name.size(); ++skip) {
        if (GlobMatches(pattern, name.substr(skip))) return true;
        if (skip < name.size() && name[skip] == '/' && !deep) return false;
      }
      return false;
    }
    if (name.empty()) return false;
    if (p == '[') {
      const bool negative = pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^');
      const size_t first = negative ? 2 : 1;
      const size_t end = pattern.find(']', first + 1);
      if (end != std::string_view::npos) {
        if (name[0] == '/' || InClass(pattern.substr(first, end - first), name[0]) == negative)
          return false;
        pattern.remove_prefix(end + 1);
        name.remove_prefix(1);
        continue;
      }
    }
    if (p == '?') {
      if (name[0] == '/') return false;
    } else {
      if (p == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      if (pattern[0] != name[0]) return false;
    }
    pattern.remove_prefix(1);
    name.remove_prefix(1);
  }
  return name.empty();
}

Result<std::vector<InputFile>> FindInputFiles(std::span<const std::string> arguments) {
  std::vector<InputFile> found;
  for (const std::string& argument : arguments) {
    struct stat info{};
    if (argument == "-" || IsAddress(argument)) {
      found.push_back({argument, true, 0});
    } else if (stat(argument.c_str(), &info) == 0) {
      if (!S_ISDIR(info.st_mode)) {
        found.push_back({argument, true, 0});
        continue;
      }
      std::vector<std::string> paths;
      Walk walk(paths);
      RETURN_IF_ERROR(walk.Folder(argument));
      if (paths.empty()) {
        return Fail(ErrorKind::kNotFound, fmt::format("no file in this folder{}", walk.LeftOut()),
                    {argument});
      }
      for (std::string& path : paths) found.push_back({std::move(path), false, 0});
    } else if (argument.find_first_of("*?[") != std::string::npos) {
      std::vector<std::string> paths;
      Walk walk(paths);
      RETURN_IF_ERROR(walk.Glob(argument, GlobRoot(argument), GlobLevels(argument)));
      if (paths.empty()) {
        return Fail(ErrorKind::kNotFound, fmt::format("no file matches{}", walk.LeftOut()),
                    {argument});
      }
      for (std::string& path : paths) found.push_back({std::move(path), false, 0});
    } else if (errno == ENOENT || errno == ENOTDIR) {
      return Missing(argument);
    } else {
      found.push_back({argument, true, 0});  // exists, perhaps: opening it says what is wrong
    }
  }
  // A file that is named stays named if a folder holds it too.
  std::sort(found.begin(), found.end(), [](const InputFile& a, const InputFile& b) {
    return a.path != b.path ? a.path < b.path : a.named > b.named;
  });
  std::map<std::pair<dev_t, ino_t>, size_t> seen;
  std::set<std::string> names;
  std::vector<InputFile> files;
  for (InputFile& file : found) {
    struct stat info{};
    if (file.path != "-" && !IsAddress(file.path) && stat(file.path.c_str(), &info) == 0 &&
        S_ISREG(info.st_mode)) {
      file.bytes = static_cast<uint64_t>(info.st_size);
      const auto [place, is_new] = seen.try_emplace({info.st_dev, info.st_ino}, files.size());
      if (!is_new) {
        files[place->second].named |= file.named;
        continue;
      }
    } else if (!names.insert(file.path).second) {
      continue;
    }
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace plumbago
