#include "serverless/table_sets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "formats/function_tables/azure_name.h"

namespace plumbago::serverless {
namespace {

// What a table of that format holds; "": it is a log.
std::string_view TableOf(std::string_view format) {
  if (format == "azure-functions") return "invocations";
  if (format == "function-vectors") return "vectors of minutes";
  if (format == "azure-durations") return "durations";
  if (format == "azure-memory") return "memory";
  return "";
}

struct Set {
  std::string name;
  std::vector<std::string> files;
  std::set<std::string> holds;
};

std::string FolderOf(const std::string& path) {
  const size_t slash = path.find_last_of("/:");
  return slash == path.npos ? "" : path.substr(0, slash + 1);
}

// How a user would name the files: what they begin with, as a glob.
std::string Glob(const std::vector<std::string>& files) {
  std::string common = files.front();
  for (const std::string& file : files) {
    const auto end = std::mismatch(common.begin(), common.end(), file.begin(), file.end()).first;
    common.erase(end, common.end());
  }
  return files.size() == 1 ? common : common + "*";
}

}  // namespace

Result<void> CheckOneSet(const std::vector<formats::FileInfo>& files) {
  std::map<std::pair<std::string, std::string>, Set> sets;  // by folder and name
  std::map<std::pair<std::string, uint32_t>, std::string> tables;
  for (const formats::FileInfo& file : files) {
    if (file.format == nullptr) continue;
    const std::string_view table = TableOf(file.format->name());
    const formats::function_tables::AzureName name =
        formats::function_tables::ReadAzureName(file.name);
    std::pair<std::string, std::string> key;
    if (table.empty()) {
      key = {"", "\x01logs"};  // no file's name
    } else if (name.has_day) {
      key = {"", name.set};
      const auto [at, fresh] =
          tables.emplace(std::pair(name.set + '\0' + std::string(table), name.day), file.name);
      if (!fresh) {
        return Fail(ErrorKind::kBadInput,
                    fmt::format("{} and {} are both the {} of day {}: samples are never pooled; "
                                "name the files of one",
                                at->second, file.name, table, name.day + 1));
      }
    } else {
      key = {FolderOf(file.name), name.set};
    }
    Set& set = sets[key];
    set.name = table.empty() ? "logs" : name.set;
    set.files.push_back(file.name);
    set.holds.emplace(table.empty() ? file.format->name() : table);
  }
  if (sets.size() < 2) return {};
  constexpr size_t kMost = 8;
  std::string message =
      fmt::format("this input holds {} sets of tables, which are never pooled:", sets.size());
  size_t shown = 0;
  for (const auto& [key, set] : sets) {
    if (++shown > kMost) break;
    message += fmt::format("{} {} ({}; {} {})", shown == 1 ? "" : ";", Glob(set.files),
                           fmt::join(set.holds, ", "), set.files.size(),
                           set.files.size() == 1 ? "file" : "files");
  }
  if (sets.size() > kMost) message += "; ...";
  const auto largest = std::max_element(sets.begin(), sets.end(), [](const auto& a, const auto& b) {
    return a.second.files.size() < b.second.files.size();
  });
  message += fmt::format(". Name one of them, as in: {}", Glob(largest->second.files));
  return Fail(ErrorKind::kBadInput, std::move(message));
}

}  // namespace plumbago::serverless
