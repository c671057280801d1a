// Writes a saved state, section by section (docs/formats/state-file.md). Names must be sorted:
// their ids are saved as they are.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "base/section_file.h"
#include "base/spill_file.h"
#include "engine/learnt.h"
#include "engine/saved_head.h"
#include "engine/trace_hashes.h"
#include "formats/read_progress.h"
#include "model/names.h"

namespace plumbago::engine {

// A sealed block that waits in the spill file.
struct SpilledPiece {
  uint64_t offset = 0;
  uint64_t size = 0;
};

class StateWriter {
 public:
  static Result<std::unique_ptr<StateWriter>> Create(const std::string& path);
  Result<void> WriteHead(const SavedHead& head);
  Result<void> WriteProgress(std::span<const formats::FileProgress> files);
  Result<void> WriteNames(const model::Names& names);
  // A frozen Learnt; its completeness and damage are in the head. Tables are merged and compressed
  // on `threads` threads, by way of the spill file.
  Result<void> WriteLearnt(Learnt& learnt, const Analyses& analyses, graph::RepairMode mode,
                           const std::shared_ptr<SpillFile>& spill, unsigned threads);
  Result<void> WriteClosed(const ClosedTraces& closed);
  // Open rows: pieces that SectionFileWriter::Seal made, in the spill file, in this order.
  Result<void> WriteOpenRows(const SpillFile& spill, std::span<const SpilledPiece> pieces);
  Result<void> Commit();

 private:
  Result<void> WriteTable(const char* section, const model::NameTable& table);
  Result<void> WritePieces(const SpillFile& spill, std::span<const SpilledPiece> pieces);
  std::unique_ptr<SectionFileWriter> out_;
};

}  // namespace plumbago::engine
