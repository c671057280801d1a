#include "formats/function_tables/azure_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace plumbago::formats::function_tables {
namespace {

// In the order of ReleaseTable.
constexpr std::array<std::string_view, 3> kOfRelease = {"invocations_per_function_md.anon",
                                                        "function_durations_percentiles.anon",
                                                        "app_memory_percentiles.anon"};
// What tables are called in names, the longer first.
constexpr std::array<std::string_view, 6> kWords = {"invocations_per_function_md",
                                                    "function_durations_percentiles",
                                                    "app_memory_percentiles",
                                                    "invocations",
                                                    "durations",
                                                    "memory"};

bool IsBreak(char c) { return c == '_' || c == '.' || c == '-'; }

// Takes the word out where it stands between breaks, with one of them.
bool TakeOut(std::string& name, std::string_view word) {
  for (size_t at = name.find(word); at != name.npos; at = name.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || IsBreak(name[at - 1]);
    const bool ends = end == name.size() || IsBreak(name[end]);
    if (!begins || !ends) continue;
    if (at > 0) {
      name.erase(at - 1, word.size() + 1);
    } else {
      name.erase(0, std::min(word.size() + 1, name.size()));
    }
    return true;
  }
  return false;
}

void TakeEndings(std::string& name) {
  for (const std::string_view ending : {".zst", ".gz", ".xz", ".bz2", ".csv"}) {
    if (name.size() > ending.size() && name.ends_with(ending))
      name.resize(name.size() - ending.size());
  }
}

}  // namespace

AzureName ReadAzureName(std::string_view path) {
  const size_t slash = path.find_last_of("/:");
  AzureName read;
  std::string& name = read.set;
  name = slash == path.npos ? path : path.substr(slash + 1);
  TakeEndings(name);
  for (size_t at = name.find(".d"); at != name.npos; at = name.find(".d", at + 1)) {
    const std::string_view rest = std::string_view(name).substr(at + 2);
    uint32_t day = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), day);
    const auto size = static_cast<size_t>(end - rest.data());
    const bool ends = size == rest.size() || *end == '.';
    if (error != std::errc() || size != 2 || !ends || day == 0) continue;
    read.day = day - 1;
    read.has_day = true;
    name.erase(at, 4);
    break;
  }
  const auto* const known = std::find(kOfRelease.begin(), kOfRelease.end(), name);
  if (read.has_day && known != kOfRelease.end())
    read.table = static_cast<ReleaseTable>(known - kOfRelease.begin() + 1);
  for (const std::string_view word : kWords) {
    if (TakeOut(name, word)) break;
  }
  return read;
}

}  // namespace plumbago::formats::function_tables
