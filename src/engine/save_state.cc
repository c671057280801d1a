#include "engine/save_state.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <utility>

#include "engine/state_writer.h"

namespace plumbago::engine {

std::vector<SavedFile> AllFiles(const formats::BlockSource* source,
                                const std::vector<SavedFile>& saved) {
  std::vector<SavedFile> files = saved;
  if (source != nullptr) {
    for (const formats::FileInfo& file : source->files()) {
      files.push_back({file.name,
                       file.format == nullptr ? std::string() : std::string(file.format->name()),
                       file.bytes != 0 ? file.bytes : file.text_bytes});
    }
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

Places PlacesOf(const formats::BlockSource* source, const std::vector<SavedFile>& saved) {
  std::vector<std::string> names;
  names.reserve(saved.size());
  for (const SavedFile& file : saved) names.push_back(file.name);
  return Places(source, std::move(names));
}

SavedPlaces::SavedPlaces(const formats::BlockSource* source, const std::vector<SavedFile>& saved)
    : places_(PlacesOf(source, saved)), files_(AllFiles(source, saved)) {
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

namespace {

// In the order of partitions; those of one come from one thread, in order.
std::vector<SpilledPiece> InOrder(std::vector<Observer::OpenPiece> pieces) {
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const auto& a, const auto& b) { return a.partition < b.partition; });
  std::vector<SpilledPiece> ordered;
  ordered.reserve(pieces.size());
  for (const Observer::OpenPiece& piece : pieces) ordered.push_back(piece.piece);
  return ordered;
}

}  // namespace

Result<void> SaveState(const SaveOptions& options, const Analyses& analyses, const ReadRows& read,
                       const RunInputs& inputs, const SavedPlaces& places,
                       const FoundDamage& closed_damage, Observer& observed) {
  SavedHead head;
  head.mode = options.mode;
  for (const analysis::AnyAnalysis* a : analyses) head.analyses.emplace_back(a->description->id);
  head.first_ns = read.first_ns;
  head.last_ns = read.last_ns;
  head.sides_marked = read.sides_marked;
  head.interrupted = options.interrupted;
  head.files = places.files();
  if (read.source != nullptr) head.skipped = read.source->skipped();
  for (const auto& state : inputs.states) {
    head.skipped.insert(head.skipped.end(), state->head().skipped.begin(),
                        state->head().skipped.end());
  }
  std::sort(head.skipped.begin(), head.skipped.end());
  head.skipped.erase(std::unique(head.skipped.begin(), head.skipped.end()), head.skipped.end());
  head.damage = closed_damage;
  head.completeness = observed.closed.completeness;

  ASSIGN_OR_RETURN(const auto out, StateWriter::Create(options.path));
  RETURN_IF_ERROR(out->WriteHead(head));
  if (read.source != nullptr) {
    std::vector<formats::FileProgress> progress = read.source->Progress();
    // Where a file was read to its end, going on needs no more than that.
    for (formats::FileProgress& file : progress) {
      if (!file.finished || options.interrupted) continue;
      file.blocks.clear();
      file.block_bytes = file.max_record = 0;
    }
    RETURN_IF_ERROR(out->WriteProgress(progress));
  }
  RETURN_IF_ERROR(out->WriteNames(*read.names));
  RETURN_IF_ERROR(
      out->WriteLearnt(observed.closed, analyses, options.mode, read.spill, read.plan.threads));
  RETURN_IF_ERROR(out->WriteClosed(observed.closed_traces));
  RETURN_IF_ERROR(out->WriteOpenRows(*read.spill, InOrder(observed.open_pieces)));
  // What the tables were read from may have shown damage by now.
  RETURN_IF_ERROR(read.spill->status());
  for (const auto& state : inputs.states) RETURN_IF_ERROR(state->status());
  return out->Commit();
}

}  // namespace plumbago::engine
