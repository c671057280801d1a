#include "store/tempo_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>

namespace plumbago::store {
namespace {

constexpr std::string_view kData = "data.parquet";

struct Place {
  std::string_view folder;  // without the slash
  std::string_view name;
};
Place PlaceOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == path.npos) return {{}, path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

// "5a000000-0000-4000-8000-000000000001"
bool IsUuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kForm.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (kForm[i] == 'x' ? !hex : c != '-') return false;
  }
  return true;
}
std::string_view LastPart(std::string_view folder) { return PlaceOf(folder).name; }

// "UUID+TENANT+vParquet5"
bool IsWal(std::string_view folder) {
  const std::string_view name = LastPart(folder);
  return name.size() > 37 && name[36] == '+' && IsUuid(name.substr(0, 36)) &&
         name.find('+', 37) != name.npos;
}

bool Exists(std::string_view folder, const char* name) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::path(folder) / name, error);
}

// Files that Tempo keeps in the folder of a block or above it, besides its data.
bool BesideBlock(std::string_view name) {
  constexpr std::string_view kNames[] = {"meta.json", "meta.compacted.json", "meta.deleted.json",
                                         "index",     "nocompact.flg",       "flushed",
                                         "search",    "search-header"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) ||
         name.starts_with("bloom-") || (name.starts_with("cache_") && name.ends_with(".buf"));
}
bool AboveBlock(std::string_view name) {
  constexpr std::string_view kNames[] = {"index.json.gz", "index.pb.zst", "work.json",
                                         "tempo_cluster_seed.json"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Blocks were found at this folder or below it.
bool HoldsBlocks(const std::set<std::string>& blocks, std::string_view folder) {
  if (folder.empty() && !blocks.empty() && !blocks.begin()->starts_with('/')) return true;
  const std::string below = std::string(folder) + "/";
  const auto next = blocks.lower_bound(below);
  return next != blocks.end() && next->starts_with(below);
}

}  // namespace

void FilterTempoFolders(std::vector<InputFile>& files, std::vector<std::string>& skipped) {
  std::set<std::string> blocks;  // folders of blocks, merged and deleted ones too
  std::map<std::string, uint64_t> wal_files;
  for (const InputFile& file : files) {
    if (file.named) continue;
    const Place place = PlaceOf(file.path);
    if (IsWal(place.folder)) {
      ++wal_files[std::string(place.folder)];
    } else if (place.name == kData &&
               (IsUuid(LastPart(place.folder)) || Exists(place.folder, "meta.json"))) {
      blocks.emplace(place.folder);
    } else if (place.name == "meta.compacted.json" || place.name == "meta.deleted.json") {
      blocks.emplace(place.folder);
    }
  }
  if (blocks.empty() && wal_files.empty()) return;

  std::map<std::string, std::string> first_of;  // tenant, id, size: the file that is read
  std::erase_if(files, [&](const InputFile& file) {
    if (file.named) return false;
    const Place place = PlaceOf(file.path);
    const std::string folder(place.folder);
    if (wal_files.contains(folder)) return true;  // told below
    if (!blocks.contains(folder)) return AboveBlock(place.name) && HoldsBlocks(blocks, folder);
    if (place.name != kData) return BesideBlock(place.name);
    const bool whole = Exists(folder, "meta.json");
    if (!whole && Exists(folder, "meta.compacted.json")) {
      skipped.push_back(file.path + ": its spans were merged into another block");
      return true;
    }
    if (!whole && Exists(folder, "meta.deleted.json")) {
      skipped.push_back(file.path + ": the block was deleted");
      return true;
    }
    if (!whole) {
      skipped.push_back(file.path + ": no meta.json beside it: the block was not finished");
      return true;
    }
    const std::string_view id = LastPart(place.folder);
    if (!IsUuid(id)) return false;
    // Of another size it is another version of the block: its spans are compared one by one.
    const std::string_view tenant = LastPart(PlaceOf(place.folder).folder);
    const auto [first, is_new] =
        first_of.emplace(fmt::format("{}/{}/{}", tenant, id, file.bytes), file.path);
    if (is_new) return false;
    skipped.push_back(fmt::format("{}: the same block again as {}", file.path, first->second));
    return true;
  });
  for (const auto& [folder, count] : wal_files) {
    skipped.push_back(
        fmt::format("{}: write-ahead log of {} files, not read: Tempo moves its spans "
                    "into a block within minutes",
                    folder, count));
  }
  std::sort(skipped.begin(), skipped.end());
}

}  // namespace plumbago::store
