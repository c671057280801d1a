#include "engine/texts_in_order.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace plumbago::engine {
namespace {

constexpr size_t kWriteBytes = 1u << 20;

}  // namespace

void TextsInOrder::End(const model::Origin& origin, uint64_t tie) {
  pieces_.push_back({uint64_t{origin.block} << 32 | origin.line, tie, begin_,
                     static_cast<uint32_t>(store_.size() - begin_), 0});
  begin_ = store_.size();
}

void TextsInOrder::Sort() {
  std::sort(pieces_.begin(), pieces_.end(),
            [](const Piece& a, const Piece& b) {
              return std::tie(a.origin, a.tie) < std::tie(b.origin, b.tie);
            });
}

Result<void> TextsInOrder::Spill(const std::shared_ptr<SpillFile>& file) {
  if (pieces_.empty()) return {};
  Sort();
  auto blocks = std::make_shared<SpilledBlocks>(file);
  statistics::RunEncoder<Record> encoder;
  Record record;
  for (const Piece& piece : pieces_) {
    const std::string& store = piece.store == 0 ? store_ : stores_[piece.store - 1];
    record.origin = {static_cast<uint32_t>(piece.origin >> 32),
                     static_cast<uint32_t>(piece.origin), static_cast<uint32_t>(piece.tie >> 32),
                     static_cast<uint32_t>(piece.tie)};
    record.text.assign(store, piece.begin, piece.size);
    encoder.Add(record);
    if (!encoder.full()) continue;
    RETURN_IF_ERROR(blocks->Add(encoder.block()));
    encoder.Clear();
  }
  if (!encoder.block().empty()) RETURN_IF_ERROR(blocks->Add(encoder.block()));
  runs_.AddStored(std::move(blocks), nullptr);
  std::string().swap(store_);
  std::vector<std::string>().swap(stores_);
  std::vector<Piece>().swap(pieces_);
  begin_ = 0;
  return {};
}

Result<void> TextsInOrder::Merge(TextsInOrder&& other, const std::shared_ptr<SpillFile>& file) {
  if (!runs_.empty() || !other.runs_.empty()) {
    RETURN_IF_ERROR(Spill(file));
    RETURN_IF_ERROR(other.Spill(file));
    runs_.Take(std::move(other.runs_));
    return {};
  }
  // Number 0 of the other becomes the one behind ours; its further ones follow.
  const auto shift = static_cast<uint32_t>(stores_.size() + 1);
  for (Piece& piece : other.pieces_) piece.store += shift;
  stores_.push_back(std::move(other.store_));
  stores_.insert(stores_.end(), std::make_move_iterator(other.stores_.begin()),
                 std::make_move_iterator(other.stores_.end()));
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  return {};
}

Result<void> TextsInOrder::Write(OutputFile& out, std::string_view between) {
  std::string buffer;
  bool some = false;
  const auto put = [&](std::string_view text) -> Result<void> {
    if (text.empty()) return {};
    if (some) buffer += between;
    some = true;
    buffer += text;
    if (buffer.size() < kWriteBytes) return {};
    RETURN_IF_ERROR(out.Write(buffer));
    buffer.clear();
    return {};
  };
  if (runs_.empty()) {
    Sort();
    for (const Piece& piece : pieces_) {
      const std::string& store = piece.store == 0 ? store_ : stores_[piece.store - 1];
      RETURN_IF_ERROR(put(std::string_view(store).substr(piece.begin, piece.size)));
    }
    return out.Write(buffer);
  }
  const auto source = runs_.Open();
  while (const Record* record = source->Next()) RETURN_IF_ERROR(put(record->text));
  return out.Write(buffer);
}

}  // namespace plumbago::engine
