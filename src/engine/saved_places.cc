#include "engine/saved_places.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/sort_unique.h"

namespace plumbago::engine {

std::vector<SavedFile> AllFiles(const ReadRows& read, const std::vector<SavedFile>& saved) {
  std::vector<SavedFile> files = saved;
  if (read.source != nullptr) {
    for (const formats::FileInfo& file : read.source->files()) {
      if (read.interrupted && file.text_bytes == 0) continue;
      files.push_back({file.name,
                       file.format == nullptr ? std::string() : std::string(file.format->name()),
                       file.bytes != 0 ? file.bytes : file.text_bytes});
    }
  }
  SortUnique(files);
  return files;
}

Places PlacesOf(const ReadRows& read, const std::vector<SavedFile>& saved) {
  std::vector<std::string> names;
  names.reserve(saved.size());
  for (const SavedFile& file : saved) names.push_back(file.name);
  return Places(read.source.get(), std::move(names));
}

SavedPlaces::SavedPlaces(const ReadRows& read, const std::vector<SavedFile>& saved)
    : places_(PlacesOf(read, saved)), files_(AllFiles(read, saved)) {
  for (const SavedFile& file : saved) {
    of_saved_.push_back(static_cast<uint32_t>(std::lower_bound(files_.begin(), files_.end(), file) -
                                              files_.begin()));
  }
}

SavedPlace SavedPlaces::Find(const model::Origin& origin) const {
  const Place place = places_.Locate(origin);
  const auto at = std::lower_bound(
      files_.begin(), files_.end(), place.file,
      [](const SavedFile& file, const std::string& name) { return file.name < name; });
  if (at == files_.end()) return {};
  return {static_cast<uint32_t>(at - files_.begin()),
          static_cast<uint32_t>(std::min<uint64_t>(place.line, UINT32_MAX))};
}

PlaceOf SavedPlaces::OfThread() const {
  auto begins = std::make_shared<tsl::robin_map<uint32_t, SavedPlace>>();
  return [this, begins](const model::Origin& origin) -> SavedPlace {
    if (origin.block & kSavedOrigin) return {of_saved_[origin.block & ~kSavedOrigin], origin.line};
    const auto [at, added] = begins->try_emplace(origin.block);
    if (added) at.value() = Find({origin.block, 0});
    const uint64_t line = uint64_t{at->second.line} + origin.line;
    return {at->second.file, static_cast<uint32_t>(std::min<uint64_t>(line, UINT32_MAX))};
  };
}

}  // namespace plumbago::engine
