#include <algorithm>
#include <cstring>
#include <optional>

#include "formats/file_reader.h"

namespace plumbago::formats {

namespace {

constexpr uint64_t kSlack =
    16u << 10;  // read beyond the range at once: most last records end in it

// Where the line that holds or follows `from` ends: behind its '\n'; nothing if there is none
// before `to`.
std::optional<size_t> LineEnd(const char* text, size_t from, size_t to) {
  if (from >= to) return std::nullopt;
  const void* const end = std::memchr(text + from, '\n', to - from);
  if (end == nullptr) return std::nullopt;
  return static_cast<size_t>(static_cast<const char*>(end) - text) + 1;
}

void Grow(std::string& storage, size_t size) {
  if (storage.size() < size) storage.resize(size);
}

}  // namespace

PositionReader::PositionReader(const ReaderSettings& settings, ReaderFile file, uint64_t size,
                               const Format* format, std::unique_ptr<Decoder> decoder)
    : settings_(settings), file_(std::move(file)), size_(size) {
  decoder_ = file_.ledger->AddMember(file_.name, size_, format, std::move(decoder));
  // So few ranges that their ordinals fit.
  const uint64_t most = uint64_t{1} << settings.ordinal_bits;
  range_bytes_ = std::max<uint64_t>(settings.block_bytes, (size_ + most - 1) / most);
  ranges_ = (size_ + range_bytes_ - 1) / range_bytes_;
  if (file_.before == nullptr) return;
  for (const BlockProgress& block : file_.before->blocks) file_.ledger->Restore(block);
}

Result<void> PositionReader::OpenOnce() {
  const std::lock_guard lock(opening_);
  if (!bytes_) {
    ASSIGN_OR_RETURN(bytes_, FileStream::Open(file_.name));
  }
  return {};
}

Result<bool> PositionReader::Next(std::string& storage, model::DamageCounts& damage, Block& block) {
  while (true) {
    const uint64_t range = next_range_.fetch_add(1, std::memory_order_relaxed);
    if (range >= ranges_) {
      at_end_.store(true, std::memory_order_relaxed);
      return false;
    }
    const uint64_t begin = range * range_bytes_;
    const uint64_t bytes = std::min(range_bytes_, size_ - begin);
    if (file_.Done(static_cast<uint32_t>(range)) != nullptr) {
      settings_.bytes_done->fetch_add(bytes, std::memory_order_relaxed);
      continue;
    }
    Result<bool> some =
        OpenOnce().and_then([&] { return ReadRange(range, storage, damage, block); });
    if (!some) {
      // The disk failed under our hands. What was read stays; the rest of the file is given up.
      next_range_.store(ranges_, std::memory_order_relaxed);
      at_end_.store(true, std::memory_order_relaxed);
      damage.Add(model::Damage::kUnreadable,
                 model::Example{{file_.BlockIndex(settings_, static_cast<uint32_t>(range)), 0},
                                0,
                                some.error().message,
                                file_.name});
      return false;
    }
    settings_.bytes_done->fetch_add(bytes, std::memory_order_relaxed);
    if (*some) return true;
  }
}

Result<bool> PositionReader::ReadRange(uint64_t range, std::string& storage,
                                       model::DamageCounts& damage, Block& block) {
  const auto ordinal = static_cast<uint32_t>(range);
  const uint64_t begin = range * range_bytes_;
  const uint64_t end = std::min(size_, begin + range_bytes_);
  // One byte before, to see whether a record starts at `begin`. From here on positions are in
  // `storage`.
  const uint64_t base = begin == 0 ? 0 : begin - 1;
  const auto range_end = static_cast<size_t>(end - base);
  auto have = static_cast<size_t>(std::min(size_, end + kSlack) - base);
  bool at_end = base + have == size_;
  Grow(storage, have + kPadding);
  ASSIGN_OR_RETURN(const size_t got, bytes_->ReadAt(base, storage.data(), have));
  if (got < have) at_end = true;  // the file has shrunk
  have = got;

  size_t start = 0;
  if (begin > 0) {
    const std::optional<size_t> first = LineEnd(storage.data(), 0, std::min(range_end - 1, have));
    if (!first) {  // in the middle of one record
      file_.ledger->AddBlock(ordinal, 0, 0);
      return false;
    }
    start = *first;
  }
  size_t stop = have;
  uint64_t left_out = 0;
  if (have > range_end - 1) {
    std::optional<size_t> last = end == size_ ? have : LineEnd(storage.data(), range_end - 1, have);
    if (!last && !at_end) {
      // The last record is long: look on for its end, as far as a record may go.
      const std::string_view text(storage.data(), range_end - 1);
      const size_t newline = text.rfind('\n');
      const size_t record =
          newline == std::string_view::npos ? start : std::max(start, newline + 1);
      const size_t most = record + settings_.max_record + 1;
      while (!last && !at_end && have < most) {
        const size_t from = have;
        const size_t want = std::min<size_t>(std::max<size_t>(have, 64 << 10), most - have);
        Grow(storage, have + want + kPadding);
        ASSIGN_OR_RETURN(const size_t more,
                         bytes_->ReadAt(base + have, storage.data() + have, want));
        have += more;
        at_end = more < want || base + have >= size_;
        last = LineEnd(storage.data(), from, have);
      }
      if (!last && !at_end) {
        last = record;
        left_out = 1;
        CountTooLong(settings_, file_.BlockIndex(settings_, ordinal), file_.name, damage);
      }
    }
    stop = last ? *last : have;
  }
  file_.ledger->AddBlock(ordinal, stop - start, left_out);
  if (stop == start) return false;
  block = Block{file_.BlockIndex(settings_, ordinal), file_.number, 0, range == 0,
                std::string_view(storage).substr(start, stop - start), decoder_};
  return true;
}

}  // namespace plumbago::formats
