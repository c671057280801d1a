#include "engine/state_writer.h"

#include <algorithm>
#include <atomic>
#include <string_view>
#include <utility>
#include <vector>

#include "base/worker_threads.h"
#include "engine/saved_progress.h"
#include "engine/saved_state.h"
#include "engine/saved_text.h"

namespace plumbago::engine {
namespace {

using statistics::AppendVarint;

constexpr size_t kNamesBlock = 256u << 10;

// A name in the file: how many bytes it shares with the one before it, then its other bytes.
void AppendName(std::string_view name, std::string_view last, std::string& out) {
  const size_t most = std::min(name.size(), last.size());
  size_t shared = 0;
  while (shared < most && name[shared] == last[shared]) ++shared;
  AppendVarint(out, shared);
  AppendText(out, name.substr(shared));
}

}  // namespace

Result<std::unique_ptr<StateWriter>> StateWriter::Create(const std::string& path) {
  auto writer = std::make_unique<StateWriter>();
  ASSIGN_OR_RETURN(writer->out_, SectionFileWriter::Create(path, kStateMagic, kStateVersion));
  return writer;
}

namespace {

// Writes a section of any size in blocks.
Result<void> WriteWhole(SectionFileWriter& out, const std::string& section,
                        std::string_view bytes) {
  out.Begin(section);
  while (!bytes.empty()) {
    RETURN_IF_ERROR(out.WriteBlock(bytes.substr(0, kMostBlock)));
    bytes.remove_prefix(std::min(bytes.size(), kMostBlock));
  }
  return {};
}

}  // namespace

Result<void> StateWriter::WriteHead(const SavedHead& head) {
  std::string bytes;
  head.Save(bytes);
  return WriteWhole(*out_, "head", bytes);
}

Result<void> StateWriter::WriteProgress(std::span<const formats::FileProgress> files) {
  std::string bytes;
  engine::SaveProgress(files, bytes);
  return WriteWhole(*out_, "progress", bytes);
}

Result<void> StateWriter::WriteTable(const char* section, const model::NameTable& table) {
  out_->Begin(section);
  std::string block;
  std::string_view last;
  for (uint32_t id = 1; id < table.size(); ++id) {
    const std::string_view name = table.Text(id);
    AppendName(name, block.empty() ? std::string_view() : last, block);
    last = name;
    if (block.size() < kNamesBlock && id + 1 < table.size()) continue;
    RETURN_IF_ERROR(out_->WriteBlock(block));
    block.clear();
  }
  return {};
}

Result<void> StateWriter::WriteNames(const model::Names& names) {
  RETURN_IF_ERROR(WriteTable("names.services", names.services));
  RETURN_IF_ERROR(WriteTable("names.operations", names.operations));
  RETURN_IF_ERROR(WriteTable("names.instances", names.instances));
  return WriteTable("names.attributes", names.attributes);
}

namespace {

// One state of an analysis as it goes to the file: its fields, and the sealed blocks of its tables.
struct SealedState {
  std::string section;
  const analysis::AnyState* state;
  std::string fields;
  std::vector<std::pair<std::string, std::vector<SpilledPiece>>> tables;

  Result<void> Seal(SpillFile& spill) {
    state->Save(fields);
    return state->SaveTables([&](const std::string& name) { tables.emplace_back(name, 0); },
                             [&](const std::string& block) -> Result<void> {
                               const std::string sealed = SectionFileWriter::Seal(block);
                               ASSIGN_OR_RETURN(const uint64_t offset, spill.Append(sealed));
                               tables.back().second.push_back({offset, sealed.size()});
                               return {};
                             });
  }
};

}  // namespace

Result<void> StateWriter::WriteLearnt(Learnt& learnt, const Analyses& analyses,
                                      graph::RepairMode mode,
                                      const std::shared_ptr<SpillFile>& spill, unsigned threads) {
  std::vector<SealedState> sealed;
  learnt.ForEachVariant([&](const std::string& variant, const States& states) {
    const bool asked = &states == &learnt.damaged[Slot(Variant::kAsked)];
    if (asked && VariantOf(mode) != Variant::kAsked) return;  // there is no such variant
    for (size_t i = 0; i < states.size(); ++i) {
      sealed.push_back({variant + "." + analyses[i]->description->id, states[i].get(), {}, {}});
    }
  });
  std::atomic<size_t> next{0};
  const auto seal = [&](unsigned) -> Result<void> {
    // The last analyses are the largest: begun first, they do not keep one thread busy at the end.
    for (size_t i = next++; i < sealed.size(); i = next++) {
      RETURN_IF_ERROR(sealed[sealed.size() - 1 - i].Seal(*spill));
    }
    return {};
  };
  RETURN_IF_ERROR(RunOnThreads(threads, seal));
  for (const SealedState& state : sealed) {
    RETURN_IF_ERROR(WriteWhole(*out_, state.section, state.fields));
    for (const auto& [name, pieces] : state.tables) {
      out_->Begin(state.section + "." + name);
      RETURN_IF_ERROR(WritePieces(*spill, pieces));
    }
  }
  return {};
}

Result<void> StateWriter::WritePieces(const SpillFile& spill,
                                      std::span<const SpilledPiece> pieces) {
  std::string sealed;
  for (const SpilledPiece& piece : pieces) {
    sealed.resize(piece.size);
    RETURN_IF_ERROR(spill.ReadAt(piece.offset, sealed.data(), sealed.size()));
    RETURN_IF_ERROR(out_->WriteSealed(sealed));
  }
  return {};
}

Result<void> StateWriter::WriteClosed(const ClosedTraces& closed) {
  out_->Begin("closed");
  return closed.runs().Write([&](const std::string& block) { return out_->WriteBlock(block); });
}

Result<void> StateWriter::WriteOpenRows(const SpillFile& spill,
                                        std::span<const SpilledPiece> pieces) {
  out_->Begin("open");
  return WritePieces(spill, pieces);
}

Result<void> StateWriter::Commit() { return out_->Commit(); }

}  // namespace plumbago::engine
