#include "formats/block_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>
#include <mutex>
#include <utility>

#include "base/archive.h"
#include "base/input_files.h"
#include "base/interrupt.h"
#include "formats/file_ledger.h"
#include "formats/file_reader.h"
#include "formats/input_scheme.h"

namespace plumbago::formats {

namespace {

class Reader final : public BlockSource {
 public:
  explicit Reader(const Options& options) {
    settings_.forced = options.format;
    settings_.formats =
        options.formats.empty() && options.format == nullptr ? Formats() : options.formats;
    settings_.block_bytes = std::max<size_t>(options.block_bytes, 1);
    settings_.max_record = options.max_record_bytes;
    settings_.bytes_done = &bytes_done_;
    in_order_ = options.in_order;
    ahead_.emplace(options.ahead_bytes);
    settings_.ahead = options.in_order || options.ahead_bytes == 0 ? nullptr : &*ahead_;
    resume_ = options.resume;
    std::sort(resume_.begin(), resume_.end(),
              [](const FileProgress& a, const FileProgress& b) { return a.path < b.path; });
  }

  // Files that are left out before anything is opened, and why.
  std::vector<std::string>& skipped_before() { return skipped_; }
  // `inputs`: what the files were found from, for messages.
  Result<void> OpenAll(std::vector<InputFile> files, std::span<const std::string> inputs);

  Result<std::optional<Block>> Next(std::string& storage, model::DamageCounts& damage) override;
  void SetLines(uint32_t block, uint64_t lines) override {
    sources_[Number(block)]->ledger.SetLines(Ordinal(block), lines);
  }
  uint64_t bytes_done() const override { return bytes_done_.load(std::memory_order_relaxed); }
  uint64_t bytes_total() const override { return bytes_total_; }
  std::vector<FileProgress> Progress() const override;
  const std::vector<FileInfo>& files() const override { return files_; }
  const std::vector<std::string>& skipped() const override { return skipped_; }
  std::vector<FetchReport> Fetched() const override;
  Place Locate(const model::Origin& origin) const override {
    if (Number(origin.block) >= sources_.size()) return {};
    return sources_[Number(origin.block)]->ledger.Locate(Ordinal(origin.block), origin.line);
  }
  uint64_t RowNumber(const model::Origin& origin) const override {
    if (Number(origin.block) >= sources_.size()) return 0;
    return sources_[Number(origin.block)]->ledger.RowNumber(Ordinal(origin.block), origin.line);
  }

 private:
  struct Source {
    InputFile file;
    FileLedger ledger;
    std::unique_ptr<FileReader> reader;
    const FileProgress* before = nullptr;  // of an earlier run
    uint64_t bytes = 0;                    // when it was looked into, as modified_ns
    int64_t modified_ns = 0;
    bool regular = false;
    bool unreadable = false;
    bool at_end = false;
    std::vector<std::string> skipped;  // members of it that no format knows
    const Format* format = nullptr;    // of its first member, where that is known already
    uint32_t threads = 0;              // that keep to it
    uint32_t in_use = 0;               // calls of the reader under way
    bool done = false;
    std::optional<FetchReport> fetched;  // of a server, once its reader is gone
  };
  struct Seat {
    const void* storage;
    size_t source;
  };

  uint32_t Number(uint32_t block) const { return block >> settings_.ordinal_bits; }
  uint32_t Ordinal(uint32_t block) const {
    return block & ((uint32_t{1} << settings_.ordinal_bits) - 1);
  }

  // Finds what an earlier run knew of the file. Errors: it is another file now.
  Result<void> Resume(Source& source) const;
  // Looks into a file. An Error means that it cannot be read at all.
  Result<void> Probe(Source& source, uint32_t number);
  Result<void> ProbeTar(Source& source, const ReaderFile& file, std::unique_ptr<Archive> archive);
  Result<void> SetSkippedOrFail(const Source& source, Error error);
  // The source that a thread reads from next; nothing: all are done.
  std::optional<size_t> Choose(const void* storage);
  void Release(size_t source, bool done);
  // Nobody reads from it any more.
  void Close(Source& source);
  void Gather();
  Error NothingKnown(std::span<const std::string> inputs) const;

  ReaderSettings settings_;
  std::optional<MemoryShare> ahead_;
  std::vector<FileProgress> resume_;  // by path
  bool in_order_ = false;
  std::vector<std::unique_ptr<Source>> sources_;
  std::atomic<uint64_t> bytes_done_{0};
  uint64_t bytes_total_ = 0;

  mutable std::mutex mutex_;  // of all below, and of what changes in sources
  std::vector<Seat> seats_;
  std::vector<size_t> open_;                            // sources that were begun and are not done
  size_t unopened_ = 0;                                 // sources from here on were not begun
  std::vector<std::pair<uint32_t, Error>> unreadable_;  // found by Open
  model::DamageCounts pending_;  // damage found by Open: the first Next tells it
  bool pending_told_ = false;
  int open_archives_ = 0;
  std::vector<std::string> skipped_;
  std::vector<FileInfo> files_;
};

Result<void> Reader::SetSkippedOrFail(const Source& source, Error error) {
  if (source.file.named) return tl::unexpected(std::move(error));
  skipped_.push_back(error.Text());
  return {};
}

Result<void> Reader::Resume(Source& source) const {
  const std::string& path = source.file.path;
  source.regular = StatRegular(path, source.bytes, source.modified_ns);
  const auto before =
      std::lower_bound(resume_.begin(), resume_.end(), path,
                       [](const FileProgress& a, const std::string& b) { return a.path < b; });
  if (before == resume_.end() || before->path != path) return {};
  if (const std::optional<std::string> change = ChangeSince(*before)) {
    return Fail(ErrorKind::kBadInput, "cannot go on with this file: it " + *change, {path});
  }
  if (!before->finished && (before->block_bytes != settings_.block_bytes ||
                            before->max_record != settings_.max_record)) {
    return Fail(ErrorKind::kBadInput, "cannot go on with this file: it was read in other blocks",
                {path});
  }
  source.before = &*before;
  return {};
}

Result<void> Reader::Probe(Source& source, uint32_t number) {
  const std::string& path = source.file.path;
  if (IsAddress(path)) {
    ASSIGN_OR_RETURN(const SchemeAddress found, FindInputScheme(path));
    ASSIGN_OR_RETURN(InputScheme::Opened opened,
                     found.scheme->Open(found.address, settings_,
                                        {path, true, number, &source.ledger, nullptr}));
    source.reader = std::move(opened.reader);
    source.format = opened.format;
    return {};
  }
  RETURN_IF_ERROR(Resume(source));
  if (source.before != nullptr && source.before->finished) {
    source.ledger.RestoreRest(*source.before, settings_.formats);
    source.at_end = true;
    source.skipped = source.before->skipped;
    skipped_.insert(skipped_.end(), source.skipped.begin(), source.skipped.end());
    bytes_done_.fetch_add(source.file.bytes, std::memory_order_relaxed);
    return {};
  }
  Result<std::unique_ptr<Archive>> opened = Archive::Open(path);
  if (!opened) {
    unreadable_.emplace_back(number, std::move(opened.error()));
    return {};
  }
  std::unique_ptr<Archive> archive = std::move(*opened);
  const ReaderFile file{path, source.file.named, number, &source.ledger, source.before};
  if (archive->is_tar()) return ProbeTar(source, file, std::move(archive));
  const bool regular = archive->file().regular();
  std::string_view head = archive->Peek(kHeadBytes);
  if (!head.empty() && head.size() < kHeadBytes && head.find('\n') == std::string_view::npos) {
    // Half a header would pass for one that lacks columns.
    if (std::optional<Error> error = archive->ErrorBehindHead()) {
      error->message += ", before the end of the first line";
      unreadable_.emplace_back(number, std::move(*error));
      return {};
    }
    head = archive->Peek(kHeadBytes);
  }
  if (head.empty()) {
    RETURN_IF_ERROR(archive->Next());
    char byte = 0;
    const Result<size_t> nothing = archive->Read(&byte, 1);
    if (!nothing) {
      unreadable_.emplace_back(number, nothing.error());
    } else {
      source.ledger.AddMember(path, source.file.bytes, nullptr, nullptr);
      source.at_end = true;
    }
    return {};
  }
  Result<const Format*> format = Recognise(settings_, head, path);
  if (!format) return SetSkippedOrFail(source, std::move(format.error()));
  Result<std::unique_ptr<Decoder>> decoder = (*format)->Open(head, path);
  if (!decoder) {
    Error error = std::move(decoder.error());
    if (error.where.file.empty()) error.where.file = path;
    return SetSkippedOrFail(source, std::move(error));
  }
  source.format = *format;
  if ((*decoder)->pieces() > 0) {
    if (!archive->is_plain() || !regular)
      return SetSkippedOrFail(source, MustBePlain(**format, path));
    const uint64_t size = archive->file().size();
    archive.reset();
    source.reader =
        std::make_unique<PieceReader>(settings_, file, size, *format, std::move(*decoder));
    return {};
  }
  if (archive->is_plain() && regular && IsSeekable(**format, **decoder)) {
    const uint64_t size = archive->file().size();
    archive.reset();
    source.reader =
        std::make_unique<PositionReader>(settings_, file, size, *format, std::move(*decoder));
    return {};
  }
  // A regular file is opened again when its turn comes: a folder may hold more files than there are
  // descriptors.
  if (regular) archive.reset();
  source.reader = std::make_unique<StreamReader>(settings_, file, std::move(archive), *format,
                                                 std::move(*decoder));
  return {};
}

Result<void> Reader::ProbeTar(Source& source, const ReaderFile& file,
                              std::unique_ptr<Archive> archive) {
  constexpr int kMostOpen = 64;
  const bool look = !archive->file().regular() || open_archives_ < kMostOpen;
  if (!look) archive.reset();
  auto reader =
      std::make_unique<StreamReader>(settings_, file, std::move(archive), nullptr, nullptr);
  if (look) {
    ASSIGN_OR_RETURN(source.format, reader->Start(pending_));
    if (source.format == nullptr) {
      for (std::string& text : reader->TakeSkipped()) skipped_.push_back(std::move(text));
      if (reader->cut()) unreadable_.emplace_back(file.number, *reader->cut());
      return {};
    }
    ++open_archives_;
  }
  source.reader = std::move(reader);
  return {};
}

// Why a run ends whose files were all left out.
Error Reader::NothingKnown(std::span<const std::string> inputs) const {
  const std::string& first = skipped_.front();
  std::string message = "no file in a known format";
  if (sources_.size() > 1) {
    message = inputs.size() == 1
                  ? fmt::format("none of the {} files in {} is in a known format", sources_.size(),
                                inputs.front())
                  : fmt::format("none of {} files is in a known format", sources_.size());
  }
  // Most reasons list the formats themselves.
  if (first.find("known formats: ") == std::string::npos && settings_.forced == nullptr)
    message += fmt::format(" (known formats: {})", KnownFormats(settings_));
  return {ErrorKind::kBadInput, fmt::format("{}: {}", message, first)};
}

Result<void> Reader::OpenAll(std::vector<InputFile> files, std::span<const std::string> inputs) {
  const auto number_bits = static_cast<uint32_t>(std::bit_width(files.size() - 1));
  if (number_bits > 24) return Fail(ErrorKind::kResource, "more than 16 million files");
  settings_.ordinal_bits = 31 - number_bits;
  bool total_known = true;
  for (InputFile& file : files) {
    bytes_total_ += file.bytes;
    if (file.path == "-" || IsAddress(file.path)) total_known = false;
    auto source = std::make_unique<Source>();
    source->file = std::move(file);
    sources_.push_back(std::move(source));
  }
  if (!total_known) bytes_total_ = 0;
  size_t readable = 0;
  for (size_t i = 0; i < sources_.size(); ++i) {
    if (Interrupted()) return Fail(ErrorKind::kInterrupted, "interrupted");
    Result<void> probed = Probe(*sources_[i], static_cast<uint32_t>(i));
    // A pipe's head is short then, and nothing that was made out of it holds.
    if (Interrupted()) {
      return Fail(ErrorKind::kInterrupted, "interrupted", {sources_[i]->file.path});
    }
    RETURN_IF_ERROR(std::move(probed));
    sources_[i]->done = sources_[i]->reader == nullptr;
    // Who kept the progress may have dropped the blocks of a finished file.
    const FileProgress* before = sources_[i]->before;
    const bool restored =
        before != nullptr && (!before->blocks.empty() || (before->finished && before->bytes > 0));
    if (!sources_[i]->done || restored) ++readable;
  }
  if (readable > 0) {
    for (const auto& [file, error] : unreadable_) {
      sources_[file]->unreadable = true;
      pending_.Add(
          model::Damage::kUnreadable,
          model::Example{
              {file << settings_.ordinal_bits, 0}, 0, error.message, sources_[file]->file.path});
    }
    Gather();
    return {};
  }
  const size_t count = sources_.size();
  // A file that was named and cannot be read comes before files of folders that are of other kinds.
  const auto named = std::find_if(unreadable_.begin(), unreadable_.end(), [&](const auto& entry) {
    return sources_[entry.first]->file.named;
  });
  if (named != unreadable_.end() || (!unreadable_.empty() && skipped_.empty())) {
    Error error = (named != unreadable_.end() ? named : unreadable_.begin())->second;
    if (unreadable_.size() > 1)
      error.message += fmt::format(" (and {} more files)", unreadable_.size() - 1);
    return tl::unexpected(std::move(error));
  }
  if (!skipped_.empty()) return tl::unexpected(NothingKnown(inputs));
  return Fail(
      ErrorKind::kBadInput,
      count == 1 ? std::string("the file is empty") : fmt::format("all {} files are empty", count),
      {sources_.front()->file.path});
}

std::optional<size_t> Reader::Choose(const void* storage) {
  while (unopened_ < sources_.size() && sources_[unopened_]->done) ++unopened_;
  if (in_order_) {
    if (open_.empty() && unopened_ < sources_.size()) open_.push_back(unopened_++);
    return open_.empty() ? std::nullopt : std::optional(open_.front());
  }
  auto seat = std::find_if(seats_.begin(), seats_.end(),
                           [&](const Seat& s) { return s.storage == storage; });
  if (seat != seats_.end()) {
    if (!sources_[seat->source]->done) return seat->source;
    seats_.erase(seat);
  }
  size_t choice = 0;
  if (unopened_ < sources_.size()) {
    choice = unopened_++;
    open_.push_back(choice);
  } else if (!open_.empty()) {
    choice = *std::min_element(open_.begin(), open_.end(), [&](size_t a, size_t b) {
      return sources_[a]->threads < sources_[b]->threads;
    });
  } else {
    return std::nullopt;
  }
  ++sources_[choice]->threads;
  seats_.push_back({storage, choice});
  return choice;
}

void Reader::Release(size_t number, bool done) {
  Source& source = *sources_[number];
  --source.in_use;
  if (done && !source.done) {
    source.done = true;
    std::erase(open_, number);
  }
  if (source.done && source.in_use == 0) Close(source);
}

void Reader::Close(Source& source) {
  if (!source.reader) return;
  source.at_end = source.reader->at_end();
  source.skipped = source.reader->TakeSkipped();
  source.fetched = source.reader->Fetched();
  skipped_.insert(skipped_.end(), source.skipped.begin(), source.skipped.end());
  source.reader.reset();
}

void Reader::Gather() {
  files_.clear();
  for (const std::unique_ptr<Source>& source : sources_) {
    // An interrupt may come before a stream is as far as the run before it. It reads no further.
    if (source->before != nullptr && source->in_use == 0 && (source->done || Interrupted())) {
      source->ledger.RestoreRest(*source->before, settings_.formats);
      if (!std::exchange(source->done, true)) {
        std::erase_if(open_, [&](size_t open) { return sources_[open] == source; });
        Close(*source);
      }
    }
    std::vector<FileInfo> members = source->ledger.Members();
    if (members.empty() && source->format != nullptr) {
      members.push_back({source->file.path, source->file.bytes, 0, source->format});
    }
    std::move(members.begin(), members.end(), std::back_inserter(files_));
  }
  std::sort(skipped_.begin(), skipped_.end());
}

std::vector<FetchReport> Reader::Fetched() const {
  const std::lock_guard lock(mutex_);
  std::vector<FetchReport> all;
  for (const std::unique_ptr<Source>& source : sources_) {
    std::optional<FetchReport> report =
        source->reader ? source->reader->Fetched() : source->fetched;
    if (report) all.push_back(std::move(*report));
  }
  return all;
}

std::vector<FileProgress> Reader::Progress() const {
  const std::lock_guard lock(mutex_);
  std::vector<FileProgress> all;
  for (const std::unique_ptr<Source>& source : sources_) {
    if (!source->regular && !source->unreadable && source->before == nullptr) continue;
    FileProgress progress;
    progress.path = source->file.path;
    progress.bytes = source->bytes;
    progress.modified_ns = source->modified_ns;
    progress.block_bytes = settings_.block_bytes;
    progress.max_record = settings_.max_record;
    progress.skipped = source->skipped;
    const bool all_done = source->ledger.Tell(source->before, progress);
    progress.at_end = source->at_end || (source->reader && source->reader->at_end()) ||
                      (source->before != nullptr && source->before->at_end) ||
                      (source->unreadable && pending_told_);
    // A reader that others still use may be about to hand out a block.
    progress.finished = progress.at_end && source->done && source->in_use == 0 && all_done &&
                        (source->at_end || source->unreadable);
    if (!progress.blocks.empty() || progress.at_end) all.push_back(std::move(progress));
  }
  return all;
}

Result<std::optional<Block>> Reader::Next(std::string& storage, model::DamageCounts& damage) {
  while (true) {
    size_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      if (!std::exchange(pending_told_, true)) damage.Merge(pending_);
      const std::optional<size_t> choice = Interrupted() ? std::nullopt : Choose(&storage);
      if (!choice) {
        Gather();
        return std::nullopt;
      }
      number = *choice;
      ++sources_[number]->in_use;
    }
    Block block;
    Result<bool> some = sources_[number]->reader->Next(storage, damage, block);
    {
      const std::lock_guard lock(mutex_);
      Release(number, !some || !*some);
    }
    if (!some) return tl::unexpected(std::move(some.error()));
    if (*some) return block;
  }
}

}  // namespace

Result<std::unique_ptr<BlockSource>> BlockSource::Open(std::span<const std::string> inputs,
                                                       const Options& options) {
  if (inputs.empty()) return Fail(ErrorKind::kUsage, "no input was named");
  ASSIGN_OR_RETURN(std::vector<InputFile> files, FindInputFiles(inputs));
  auto reader = std::make_unique<Reader>(options);
  const size_t found = files.size();
  for (const InputFilter filter : InputFilters()) filter(files, reader->skipped_before());
  if (files.empty()) {
    return Fail(ErrorKind::kBadInput, fmt::format("none of {} files is to be read: {}", found,
                                                  reader->skipped_before().front()));
  }
  RETURN_IF_ERROR(reader->OpenAll(std::move(files), inputs));
  return reader;
}

}  // namespace plumbago::formats
