// Where the rows behind a run stand, and in which files: those that it read, and those behind its
// states.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/open_rows.h"
#include "engine/places.h"
#include "engine/read_rows.h"
#include "engine/saved_head.h"

namespace plumbago::engine {

// The files of traces behind a run, by name: those that it read and those behind its states. A file
// that nothing was read of, for the user stopped the run, is none of them: --resume begins with it.
std::vector<SavedFile> AllFiles(const ReadRows& read, const std::vector<SavedFile>& saved);
// Origins of rows that were read, and of rows that came with states of `saved` files.
Places PlacesOf(const ReadRows& read, const std::vector<SavedFile>& saved);

// Where rows stand in the files of the state that is being made.
class SavedPlaces {
 public:
  SavedPlaces(const ReadRows& read, const std::vector<SavedFile>& saved);
  // For one thread: remembers where blocks begin, so that a row costs a look-up. This must outlive
  // it.
  PlaceOf OfThread() const;
  const std::vector<SavedFile>& files() const { return files_; }

 private:
  SavedPlace Find(const model::Origin& origin) const;

  Places places_;
  std::vector<SavedFile> files_;
  std::vector<uint32_t> of_saved_;  // number in files_ of each saved file
};

}  // namespace plumbago::engine
