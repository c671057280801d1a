#include "formats/file_reader.h"

namespace plumbago::formats {

PieceReader::PieceReader(const ReaderSettings& settings, ReaderFile file, uint64_t size,
                         const Format* format, std::unique_ptr<Decoder> decoder)
    : settings_(settings),
      file_(std::move(file)),
      size_(size),
      pieces_(std::min(decoder->pieces(), uint32_t{1} << settings.ordinal_bits)) {
  decoder_ = file_.ledger->AddMember(file_.name, size_, format, std::move(decoder));
  if (file_.before == nullptr) return;
  for (const BlockProgress& block : file_.before->blocks) file_.ledger->Restore(block);
}

Result<bool> PieceReader::Next(std::string& storage, model::DamageCounts&, Block& block) {
  while (true) {
    const uint32_t piece = next_.fetch_add(1, std::memory_order_relaxed);
    if (piece >= pieces_) {
      at_end_.store(true, std::memory_order_relaxed);
      return false;
    }
    // What is read of the file is told in shares: nobody knows where a piece's bytes lie.
    const uint64_t bytes = size_ * (piece + 1) / pieces_ - size_ * piece / pieces_;
    settings_.bytes_done->fetch_add(bytes, std::memory_order_relaxed);
    if (file_.Done(piece) != nullptr) continue;
    if (storage.size() < kPadding) storage.resize(kPadding);
    file_.ledger->AddBlock(piece, std::max<uint64_t>(bytes, 1), 0);
    block = Block{file_.BlockIndex(settings_, piece), file_.number, piece, piece == 0,
                  std::string_view(storage).substr(0, 0), decoder_};
    return true;
  }
}

}  // namespace plumbago::formats
