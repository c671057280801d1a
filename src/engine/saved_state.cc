#include "engine/saved_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/byte_stream.h"
#include "engine/open_rows.h"
#include "engine/saved_progress.h"
#include "engine/saved_text.h"

namespace plumbago::engine {
namespace {

using statistics::StateReader;

}  // namespace

bool IsSavedState(const std::string& path) {
  // A pipe must not be opened just to look: its writer would see the reader go.
  std::error_code error;
  if (path == "-" || !std::filesystem::is_regular_file(path, error)) return false;
  const Result<std::unique_ptr<FileStream>> file = FileStream::Open(path);
  if (!file) return false;
  std::string head(kStateMagic.size(), '\0');
  const Result<size_t> read = (*file)->ReadAt(0, head.data(), head.size());
  return read && *read == head.size() && head == kStateMagic;
}

struct SavedState::Trouble {
  std::mutex mutex;
  std::optional<Error> first;

  void Set(Error error) {
    const std::lock_guard lock(mutex);
    if (!first) first = std::move(error);
  }
};

// One section as blocks that a table's runs are read from.
class SavedState::Blocks final : public BlockStore {
 public:
  Blocks(const SectionFile& file, std::string section, std::shared_ptr<Trouble> trouble)
      : file_(file), section_(std::move(section)), trouble_(std::move(trouble)) {}
  std::unique_ptr<BlockCursor> Open() const override { return std::make_unique<Cursor>(*this); }
  void Damaged(std::string_view why) const override {
    trouble_->Set({ErrorKind::kBadInput,
                   fmt::format("this state is damaged: section {}: {}", section_, why),
                   {file_.path()}});
  }

 private:
  class Cursor final : public BlockCursor {
   public:
    explicit Cursor(const Blocks& blocks)
        : blocks_(blocks), cursor_(blocks.file_.Cursor(blocks.section_)) {}
    bool Next(std::string& block) override {
      Result<bool> more = cursor_.NextBlock(block);
      if (more) return *more;
      blocks_.trouble_->Set(std::move(more.error()));
      return false;
    }

   private:
    const Blocks& blocks_;
    SectionCursor cursor_;
  };
  const SectionFile& file_;
  std::string section_;
  std::shared_ptr<Trouble> trouble_;
};

Result<std::unique_ptr<SavedState>> SavedState::Open(const std::string& path) {
  ASSIGN_OR_RETURN(auto file, SectionFile::Open(path, kStateMagic, kStateVersion));
  return Load(std::move(file));
}

Result<std::unique_ptr<SavedState>> SavedState::FromBytes(std::string_view bytes) {
  ASSIGN_OR_RETURN(auto file,
                   SectionFile::FromBytes(bytes, "state.plumb", kStateMagic, kStateVersion));
  return Load(std::move(file));
}

Result<std::unique_ptr<SavedState>> SavedState::Load(std::unique_ptr<SectionFile> file) {
  std::unique_ptr<SavedState> state(new SavedState(std::move(file)));
  state->trouble_ = std::make_shared<Trouble>();
  if (const uint32_t version = state->file_->version(); version < kStateVersion) {
    return Fail(ErrorKind::kBadInput,
                fmt::format("this state is of version {} of its format, and this program reads "
                            "version {}; save it again from the traces",
                            version, kStateVersion),
                {state->path()});
  }
  ASSIGN_OR_RETURN(const std::string bytes, state->ReadWhole("head"));
  StateReader in(bytes);
  if (!state->head_.Load(in)) return state->Damaged("head", "it makes no sense");
  return state;
}

tl::unexpected<Error> SavedState::Damaged(std::string_view section, std::string_view why) const {
  return Fail(ErrorKind::kBadInput,
              fmt::format("this state is damaged: section {}: {}", section, why), {path()});
}

Result<std::string> SavedState::ReadWhole(const std::string& section) const {
  SectionCursor cursor = file_->Cursor(section);
  std::string whole;
  std::string block;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, cursor.NextBlock(block));
    if (!more) return whole;
    whole += block;
  }
}

Result<std::vector<uint32_t>> SavedState::LoadTable(const char* section, model::NameTable& table) {
  std::vector<uint32_t> ids{0};  // the empty name is not saved
  SectionCursor cursor = file_->Cursor(section);
  std::string block;
  std::string name;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, cursor.NextBlock(block));
    if (!more) return ids;
    StateReader in(block);
    std::string last = std::exchange(name, {});
    while (in.remaining() > 0) {
      const uint64_t shared = in.Varint();
      const std::string_view rest = ReadText(in);
      if (!in.ok() || shared > name.size()) return Damaged(section, "it makes no sense");
      name.resize(shared);
      name += rest;
      if (name <= last) return Damaged(section, "its names are out of order");
      ids.push_back(table.Intern(name));
      last = name;
    }
  }
}

Result<void> SavedState::LoadNames(model::Names& names) {
  ASSIGN_OR_RETURN(interned_.of[0], LoadTable("names.services", names.services));
  ASSIGN_OR_RETURN(interned_.of[1], LoadTable("names.operations", names.operations));
  ASSIGN_OR_RETURN(interned_.of[2], LoadTable("names.instances", names.instances));
  ASSIGN_OR_RETURN(interned_.of[3], LoadTable("names.attributes", names.attributes));
  names.attribute_keys.AddSaved(interned_.of[3]);
  return {};
}

Result<void> SavedState::LoadOpenRows(std::span<const uint32_t> files,
                                      formats::BatchSink& sink) const {
  SectionCursor cursor = file_->Cursor("open");
  std::string piece;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, cursor.NextBlock(piece));
    if (!more) return {};
    if (!ReadOpenRows(piece, interned_, files, sink)) return Damaged("open", "it makes no sense");
  }
}

std::shared_ptr<const BlockStore> SavedState::Store(const std::string& section) const {
  if (!file_->Has(section)) return nullptr;
  return std::make_shared<Blocks>(*file_, section, trouble_);
}

Result<void> SavedState::LoadClosed(const model::NameRanks& ranks, const Analyses& analyses,
                                    Learnt& learnt, ClosedTraces& closed) {
  auto maps = std::make_shared<statistics::IdMaps>(interned_);
  const std::vector<uint32_t>* const of[] = {&ranks.services, &ranks.operations, &ranks.instances,
                                             &ranks.attributes};
  for (size_t i = 0; i < maps->of.size(); ++i) {
    for (uint32_t& id : maps->of[i]) id = (*of[i])[id];
  }
  Learnt loaded(analyses);
  loaded.completeness = head_.completeness;
  Result<void> result;
  loaded.ForEachVariant([&](const std::string& variant, States& states) {
    for (size_t i = 0; i < states.size() && result; ++i) {
      const std::string section = variant + "." + analyses[i]->description->id;
      if (!file_->Has(section)) continue;  // nothing was observed in this variant
      Result<std::string> fields = ReadWhole(section);
      if (!fields) {
        result = tl::unexpected(fields.error());
      } else if (!states[i]->Load(*fields, maps)) {
        result = Damaged(section, "it makes no sense");
      } else {
        states[i]->LoadTables(
            [&](const std::string& name) { return Store(fmt::format("{}.{}", section, name)); },
            maps);
      }
    }
  });
  RETURN_IF_ERROR(std::move(result));
  learnt.Merge(std::move(loaded));
  if (const auto store = Store("closed")) closed.runs().AddStored(store, nullptr);
  return {};
}

Result<std::vector<formats::FileProgress>> SavedState::LoadProgress() const {
  std::vector<formats::FileProgress> files;
  if (!file_->Has("progress")) return files;
  ASSIGN_OR_RETURN(const std::string bytes, ReadWhole("progress"));
  StateReader in(bytes);
  if (!engine::LoadProgress(in, files)) return Damaged("progress", "it makes no sense");
  return files;
}

Result<void> SavedState::status() const {
  const std::lock_guard lock(trouble_->mutex);
  if (trouble_->first) return tl::unexpected(*trouble_->first);
  return {};
}

}  // namespace plumbago::engine
