#include "engine/save_state.h"

#include <algorithm>
#include <utility>

#include "engine/state_writer.h"

namespace plumbago::engine {
namespace {

SavedHead HeadOf(const Run& run) {
  SavedHead head;
  head.mode = run.mode;
  for (const analysis::AnyAnalysis* a : run.analyses) {
    head.analyses.emplace_back(a->description->id);
  }
  head.first_ns = run.read.first_ns;
  head.last_ns = run.read.last_ns;
  head.tick_ns = run.read.tick_ns;
  head.sides_marked = run.read.sides_marked;
  head.interrupted = run.Partial();
  head.files = run.places->files();
  head.skipped = run.skipped;
  head.damage = run.closed_damage;
  head.completeness = run.observed->closed.completeness;
  return head;
}

std::vector<formats::FileProgress> ProgressOf(const Run& run) {
  std::vector<formats::FileProgress> progress = run.read.source->Progress();
  if (run.Partial()) return progress;
  // Where a file was read to its end, going on needs no more than that.
  for (formats::FileProgress& file : progress) {
    if (!file.finished) continue;
    file.blocks.clear();
    file.block_bytes = file.max_record = 0;
  }
  return progress;
}

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

Result<void> SaveState(const std::string& path, Run& run) {
  const ReadRows& read = run.read;
  Observer& observed = *run.observed;
  ASSIGN_OR_RETURN(const auto out, StateWriter::Create(path));
  RETURN_IF_ERROR(out->WriteHead(HeadOf(run)));
  if (read.source != nullptr) RETURN_IF_ERROR(out->WriteProgress(ProgressOf(run)));
  RETURN_IF_ERROR(out->WriteNames(*read.names));
  RETURN_IF_ERROR(
      out->WriteLearnt(observed.closed, run.analyses, run.mode, read.spill, read.plan.threads));
  RETURN_IF_ERROR(out->WriteClosed(observed.closed_traces));
  RETURN_IF_ERROR(out->WriteOpenRows(*read.spill, InOrder(observed.open_pieces)));
  // What the tables were read from may have shown damage by now.
  RETURN_IF_ERROR(read.spill->status());
  for (const auto& state : run.inputs.states) RETURN_IF_ERROR(state->status());
  return out->Commit();
}

}  // namespace plumbago::engine
