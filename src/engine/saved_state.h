// A saved state: what a run knows of its input, as a file that can be merged, compared and gone on
// with (docs/formats/state-file.md).
//
// It holds the names, sorted; the states of all analyses in all variants for the traces that are
// closed; a hash of each closed trace; the rows of the traces that are still open; and how the
// input was read. Ids in it number its own names. Reading costs what is looked at: tables are
// streamed from the file while they are merged.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/block_store.h"
#include "base/result.h"
#include "base/section_file.h"
#include "engine/learnt.h"
#include "engine/saved_head.h"
#include "engine/trace_hashes.h"
#include "formats/format.h"
#include "formats/read_progress.h"
#include "model/names.h"
#include "statistics/id_maps.h"

namespace plumbago::engine {

inline constexpr std::string_view kStateMagic = "PLUMB\r\n\x1a";
inline constexpr uint32_t kStateVersion = 4;

// True if the file begins as a state does.
bool IsSavedState(const std::string& path);

class SavedState {
 public:
  // Errors: those of SectionFile::Open; kBadInput: its head makes no sense.
  static Result<std::unique_ptr<SavedState>> Open(const std::string& path);
  static Result<std::unique_ptr<SavedState>> FromBytes(std::string_view bytes);

  const std::string& path() const { return file_->path(); }
  const SavedHead& head() const { return head_; }

  // Interns its names into `names`; the ids there are new ids of its own.
  Result<void> LoadNames(model::Names& names);
  // Hands its open rows to `sink`, with ids of the names given to LoadNames and with origins in
  // `files`: the numbers of its files among those of all states.
  Result<void> LoadOpenRows(std::span<const uint32_t> files, formats::BatchSink& sink) const;
  // Once those names were sorted: adds closed traces to `learnt` (states of `analyses`) and
  // `closed`. Tables are read from the file when they are visited; it must stay as it is until
  // then.
  Result<void> LoadClosed(const model::NameRanks& ranks, const Analyses& analyses, Learnt& learnt,
                          ClosedTraces& closed);
  // How far its files were read, where it is of a run that was interrupted.
  Result<std::vector<formats::FileProgress>> LoadProgress() const;
  // The first trouble that reading tables met.
  Result<void> status() const;

 private:
  class Blocks;
  explicit SavedState(std::unique_ptr<SectionFile> file) : file_(std::move(file)) {}
  static Result<std::unique_ptr<SavedState>> Load(std::unique_ptr<SectionFile> file);
  Result<std::string> ReadWhole(const std::string& section) const;
  Result<std::vector<uint32_t>> LoadTable(const char* section, model::NameTable& table);
  std::shared_ptr<const BlockStore> Store(const std::string& section) const;
  tl::unexpected<Error> Damaged(std::string_view section, std::string_view why) const;

  std::unique_ptr<SectionFile> file_;
  SavedHead head_;
  statistics::IdMaps interned_;  // ids in the file to ids of the names
  struct Trouble;
  std::shared_ptr<Trouble> trouble_;
};

}  // namespace plumbago::engine
