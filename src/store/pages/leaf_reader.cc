#include "store/pages/leaf_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/pages/level_counts.h"

namespace plumbago::store {
namespace {

constexpr size_t kStep = 1024;  // entries of lists

}  // namespace

void LeafReader::BeginGroup(const BytesAt& file, const ColumnChunk& chunk) {
  cell_ = SizeOf(leaf_->cells);
  pages_ = ChunkPages(file, chunk, leaf_->lists, leaf_->defined);
  page_left_ = 0;
  dictionary_ = {};
  has_dictionary_ = false;
  values_ = {};
  repetitions_.Clear();
  definitions_.Clear();
  dense_.Clear();
  read_ = entries_ = present_ = slots_ = 0;
}

uint64_t LeafReader::bytes() const {
  uint64_t bytes = buffer_.capacity() + dictionary_bytes_.capacity() + repetitions_.capacity() +
                   definitions_.capacity() + dense_.capacity() + spread_.capacity() +
                   bits_.capacity() + dictionary_.texts.capacity() * sizeof(duckdb::StringValue) +
                   dictionary_.eights.capacity() * 8 + dictionary_.fours.capacity() * 4;
  for (const PaddedBytes& one : looked_at_) bytes += one.capacity();
  for (const PaddedBytes& one : spare_) bytes += one.capacity();
  return bytes;
}

Result<bool> LeafReader::NextPage(Decompressor& decompressor) {
  if (leaf_->cells == Cells::kText && buffer_.size() > 0) {
    looked_at_.push_back(std::move(buffer_));
    buffer_ = {};
    if (!spare_.empty()) {
      buffer_ = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  while (true) {
    ASSIGN_OR_RETURN(const bool more, pages_.Next(decompressor, buffer_, page_));
    if (!more) {
      page_ = {};
      return false;
    }
    if (page_.dictionary) {
      if (has_dictionary_)
        return pages_.Damaged("a second dictionary");  // cells look into the first
      has_dictionary_ = true;
      std::swap(buffer_, dictionary_bytes_);
      if (!dictionary_.Read(*leaf_, dictionary_bytes_.view(), page_.values))
        return pages_.Damaged(
            fmt::format("a dictionary that does not hold its {} values", page_.values));
      continue;
    }
    if (page_.values == 0) continue;
    if (!values_.Begin(*leaf_, page_.encoding, page_.body, dictionary_)) {
      return pages_.Damaged(
          fmt::format("values in encoding {}, damaged or none that can be read here",
                      static_cast<unsigned>(page_.encoding)));
    }
    page_left_ = page_.values;
    return true;
  }
}

Result<void> LeafReader::ReadLevels(BitRuns& runs, uint8_t most, size_t count,
                                    GrowingBytes& levels) {
  if (most == 0) return {};
  auto* const out = reinterpret_cast<uint8_t*>(levels.Append(count));
  if (!runs.Read(out, count)) return pages_.Damaged("levels that end before their page does");
  const auto beyond = static_cast<uint8_t>(most + 1);
  if (most < UINT8_MAX && (most & beyond) != 0 && CountFrom(out, count, beyond) > 0)
    return pages_.Damaged(fmt::format("a level above {}, the greatest that the column has", most));
  return {};
}

Result<bool> LeafReader::More(size_t most, Decompressor& decompressor) {
  if (page_left_ == 0) {
    ASSIGN_OR_RETURN(const bool more, NextPage(decompressor));
    if (!more) return false;
  }
  const size_t count = std::min<size_t>(page_left_, most);
  RETURN_IF_ERROR(ReadLevels(page_.repetitions, leaf_->lists, count, repetitions_));
  RETURN_IF_ERROR(ReadLevels(page_.definitions, leaf_->defined, count, definitions_));
  const size_t present =
      leaf_->defined == 0 ? count : CountEqual(definitions() + read_, count, leaf_->defined);
  if (!values_.Read(dense_.Append(present * cell_), present))
    return pages_.Damaged(
        "values that end before their page does, or that are not in the dictionary");
  read_ += count;
  page_left_ -= static_cast<uint32_t>(count);
  return true;
}

Result<void> LeafReader::ReadRows(size_t rows, Decompressor& decompressor, uint64_t most_bytes) {
  if (leaf_->lists > 0) repetitions_.DropFirst(entries_);
  if (leaf_->defined > 0) definitions_.DropFirst(entries_);
  dense_.DropFirst(present_ * cell_);
  read_ -= entries_;
  // What was read ahead is of the page at hand.
  for (PaddedBytes& buffer : looked_at_) {
    if (spare_.size() < 2) spare_.push_back(std::move(buffer));
  }
  looked_at_.clear();
  // Levels, cells twice, and what its lists take (list_entries.h).
  const uint64_t most_entries =
      most_bytes / (2 + 2 * cell_ + leaf_->lists * sizeof(duckdb::ListEntry));

  size_t begun = 0;  // rows
  size_t looked = 0;
  entries_ = 0;
  while (true) {
    if (leaf_->lists == 0) {
      begun = entries_ = std::min(read_, rows);
      if (begun == rows) break;
    } else {
      const uint8_t* const levels = repetitions();
      const size_t begins = CountEqual(levels + looked, read_ - looked, 0);
      if (begun + begins > rows) {
        while (begun < rows || levels[looked] != 0) begun += levels[looked++] == 0 ? 1 : 0;
        entries_ = looked;
        break;
      }
      begun += begins;
      looked = entries_ = read_;
    }
    if (read_ > most_entries) {
      return Fail(ErrorKind::kResource,
                  fmt::format("{} rows need more memory than the {} MB that there are", rows,
                              most_bytes >> 20));
    }
    ASSIGN_OR_RETURN(const bool more, More(leaf_->lists == 0 ? rows - read_ : kStep, decompressor));
    if (more) continue;
    if (begun == rows) break;
    return pages_.Damaged(
        fmt::format("the column ends {} rows before its row group", rows - begun));
  }
  if (leaf_->lists > 0 && entries_ > 0 && repetitions()[0] != 0)
    return pages_.Damaged("begins within a row");
  present_ = leaf_->defined == 0 ? entries_ : CountEqual(definitions(), entries_, leaf_->defined);
  FillSlots();
  return {};
}

template <size_t kCell>
void LeafReader::Spread(char* out, uint64_t* bits) const {
  const uint8_t* const definitions = this->definitions();
  const char* from = dense_.data();
  size_t slot = 0;
  uint64_t word = 0;
  for (size_t i = 0; i < entries_; ++i) {
    const uint8_t level = definitions[i];
    if (level < leaf_->slot) continue;
    const bool present = level == leaf_->defined;
    // Of a null: what follows, which nobody looks at.
    std::memcpy(out + slot * kCell, from, kCell);
    from += present ? kCell : 0;
    word |= static_cast<uint64_t>(present) << (slot % 64);
    if (++slot % 64 == 0) {
      *bits++ = word;
      word = 0;
    }
  }
  *bits = word;
}

void LeafReader::FillSlots() {
  slots_ = leaf_->slot == 0 ? entries_ : CountFrom(definitions(), entries_, leaf_->slot);
  data_ = dense_.data();
  valid_ = nullptr;
  if (slots_ == present_) return;
  auto* const bits = reinterpret_cast<uint64_t*>(bits_.Reset((slots_ / 64 + 1) * sizeof(uint64_t)));
  valid_ = bits;
  if (present_ == 0) {
    std::fill_n(bits, slots_ / 64 + 1, 0);
    return;
  }
  char* const out = spread_.Reset(slots_ * cell_);
  data_ = out;
  switch (cell_) {
    case 1:
      return Spread<1>(out, bits);
    case 4:
      return Spread<4>(out, bits);
    case 8:
      return Spread<8>(out, bits);
    default:
      return Spread<sizeof(duckdb::StringValue)>(out, bits);
  }
}

}  // namespace plumbago::store
