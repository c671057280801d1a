// Cuts one input file into blocks: by position where the file is plain and its records are lines,
// in order otherwise. BlockSource spreads threads over several of these.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/archive.h"
#include "base/byte_stream.h"
#include "base/frames_ahead.h"
#include "base/memory_share.h"
#include "formats/fetch_report.h"
#include "formats/file_ledger.h"
#include "formats/format.h"
#include "model/damage.h"

namespace plumbago::formats {

// Bytes that formats see to recognise a file.
inline constexpr size_t kHeadBytes = 64u << 10;
// Readable bytes after the text of a block.
inline constexpr size_t kPadding = 64;

// What all readers of a run share.
struct ReaderSettings {
  const Format* forced = nullptr;
  std::span<const Format* const> formats;
  size_t block_bytes = 0;
  size_t max_record = 0;
  uint32_t ordinal_bits = 31;  // of a block index, at most 31; the number of the file stands above
  std::atomic<uint64_t>* bytes_done = nullptr;
  MemoryShare* ahead = nullptr;  // for what is decompressed ahead of its turn
};

// What a reader is given about its file. The ledger must outlive the reader.
struct ReaderFile {
  std::string name;
  bool named = true;    // given by name: an unknown format is an error
  uint32_t number = 0;  // in the order of names
  FileLedger* ledger = nullptr;
  const FileProgress* before = nullptr;  // of an earlier run; outlives the reader

  // An ordinal that is too large gives the index of the last one.
  uint32_t BlockIndex(const ReaderSettings& settings, uint32_t ordinal) const {
    return (number << settings.ordinal_bits) |
           std::min(ordinal, (uint32_t{1} << settings.ordinal_bits) - 1);
  }
  const BlockProgress* Done(uint32_t ordinal) const {
    return before == nullptr ? nullptr : before->Find(ordinal);
  }
};

// Counts a record that was left out because it is too long. `index` is its block's, or the next
// one's.
void CountTooLong(const ReaderSettings& settings, uint32_t index, const std::string& file,
                  model::DamageCounts& damage);
// The names of the formats, in the order in which they are tried.
std::string KnownFormats(const ReaderSettings& settings);
// The format of a file by its head; an Error that says what was seen and what is known.
Result<const Format*> Recognise(const ReaderSettings& settings, std::string_view head,
                                const std::string& name);
// How a file is cut: as its decoder says, else as its format does.
bool IsSeekable(const Format& format, const Decoder& decoder);
size_t CutRecords(const Format& format, const Decoder& decoder, std::string_view text,
                  bool end_of_file);
// A file with pieces that is compressed, or in an archive.
Error MustBePlain(const Format& format, const std::string& name);

class FileReader {
 public:
  virtual ~FileReader() = default;
  // Gives the next block; false: there is none. Thread-safe.
  virtual Result<bool> Next(std::string& storage, model::DamageCounts& damage, Block& block) = 0;
  // Files of an archive that were left out, and why. Valid at the end.
  virtual std::vector<std::string> TakeSkipped() { return {}; }
  // Of a server that was asked: what became of it so far. Thread-safe.
  virtual std::optional<FetchReport> Fetched() const { return std::nullopt; }
  // The file was read to its end, or as far as can be. False after an interrupt. Thread-safe.
  bool at_end() const { return at_end_.load(std::memory_order_relaxed); }

 protected:
  std::atomic<bool> at_end_{false};
};

// A plain file whose records are lines. A block owns the records that start in its range of
// block_bytes, so blocks are read independently: threads do not wait for each other.
class PositionReader final : public FileReader {
 public:
  // The file is opened at the first Next.
  PositionReader(const ReaderSettings& settings, ReaderFile file, uint64_t size,
                 const Format* format, std::unique_ptr<Decoder> decoder);
  Result<bool> Next(std::string& storage, model::DamageCounts& damage, Block& block) override;

 private:
  Result<void> OpenOnce();
  Result<bool> ReadRange(uint64_t range, std::string& storage, model::DamageCounts& damage,
                         Block& block);

  const ReaderSettings& settings_;
  ReaderFile file_;
  std::mutex opening_;
  std::unique_ptr<FileStream> bytes_;
  const Decoder* decoder_;
  uint64_t size_;
  uint64_t range_bytes_;
  uint64_t ranges_;
  std::atomic<uint64_t> next_range_{0};
};

// A file that its decoder reads by itself, in pieces.
class PieceReader final : public FileReader {
 public:
  PieceReader(const ReaderSettings& settings, ReaderFile file, uint64_t size, const Format* format,
              std::unique_ptr<Decoder> decoder);
  Result<bool> Next(std::string& storage, model::DamageCounts& damage, Block& block) override;

 private:
  const ReaderSettings& settings_;
  ReaderFile file_;
  const Decoder* decoder_;
  uint64_t size_;
  uint32_t pieces_;
  std::atomic<uint32_t> next_{0};
};

// A compressed file, an archive, a pipe, or a format whose records cannot be found from the middle.
// Threads take turns to read; what stands after the last whole record is carried to the next block.
// A thread whose turn it is not decompresses what comes later, where the file allows that.
class StreamReader final : public FileReader {
 public:
  // `archive` is open before its first member, or null: it is opened at the first Next. `format`
  // and `decoder`, if known, are for the first member.
  StreamReader(const ReaderSettings& settings, ReaderFile file, std::unique_ptr<Archive> archive,
               const Format* format, std::unique_ptr<Decoder> decoder);
  // Goes to the first member in a known format at once, so that it can be told before anything is
  // read. nullptr: there is none (Next will give nothing); `cut` then says if the archive is
  // damaged.
  Result<const Format*> Start(model::DamageCounts& damage);
  const std::optional<Error>& cut() const { return cut_; }
  Result<bool> Next(std::string& storage, model::DamageCounts& damage, Block& block) override;
  std::vector<std::string> TakeSkipped() override { return std::move(skipped_); }

 private:
  Result<bool> NextLocked(std::string& storage, model::DamageCounts& damage, Block& block);
  // Decompresses a run of frames ahead of its turn; false: there is none to be had now.
  bool HelpAhead();
  // The block was decoded by an earlier run: takes its lines over.
  bool Skip(uint32_t ordinal);
  // Goes to the next member in a known format; false: there is none.
  Result<bool> NextMember(model::DamageCounts& damage);
  Result<void> BeginMember();
  // Leaves out a record that is too long, of which `read` bytes are gone.
  Result<void> SkipRecord(std::string& storage, model::DamageCounts& damage);
  // Counts what ended the file early, and ends it.
  void Cut(const Error& error, model::DamageCounts& damage);
  void End();
  Result<void> CheckOrdinal() const;
  void CountBytes();

  const ReaderSettings& settings_;
  ReaderFile file_;
  std::mutex mutex_;
  std::unique_ptr<Archive> archive_;
  std::mutex ahead_mutex_;  // of ahead_
  std::shared_ptr<FramesAhead> ahead_;
  const Format* known_format_;
  std::unique_ptr<Decoder> known_decoder_;

  std::string member_name_;
  const Format* format_ = nullptr;  // of the member that is being read; nullptr: between members
  const Decoder* decoder_ = nullptr;
  bool first_ = false;
  std::string carry_;
  uint32_t ordinal_ = 0;
  uint64_t members_ = 0;  // in a known format, or empty
  uint64_t bytes_counted_ = 0;
  std::optional<Error> cut_;  // what ended the file early
  bool done_ = false;
  bool interrupted_ = false;
  std::vector<std::string> skipped_;
};

}  // namespace plumbago::formats
