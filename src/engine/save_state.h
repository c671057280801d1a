// Writing a run's state at its end (saved_state.h is the file itself).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/observer.h"
#include "engine/places.h"
#include "engine/run_inputs.h"
#include "engine/saved_state.h"

namespace plumbago::engine {

// The files of traces behind a run, by name: those that it read and those behind its states.
// `source` may be null.
std::vector<SavedFile> AllFiles(const formats::BlockSource* source,
                                const std::vector<SavedFile>& saved);
// Origins of rows that were read, and of rows that came with states of `saved` files.
Places PlacesOf(const formats::BlockSource* source, const std::vector<SavedFile>& saved);

// Where rows stand in the files of the state that is being made.
class SavedPlaces {
 public:
  SavedPlaces(const formats::BlockSource* source, const std::vector<SavedFile>& saved);
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

struct SaveOptions {
  std::string path;
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  bool interrupted = false;
};

// `observed`: frozen; what is closed includes all states. Errors: those of output and spill files.
Result<void> SaveState(const SaveOptions& options, const Analyses& analyses, const ReadRows& read,
                       const RunInputs& inputs, const SavedPlaces& places,
                       const FoundDamage& closed_damage, Observer& observed);

}  // namespace plumbago::engine
