#include "formats/file_ledger.h"

namespace plumbago::formats {

const Decoder* FileLedger::AddMember(std::string name, uint64_t bytes, const Format* format,
                                     std::unique_ptr<Decoder> decoder) {
  const std::lock_guard lock(mutex_);
  members_.push_back({std::move(name), bytes, 0, format});
  decoders_.push_back(std::move(decoder));
  return decoders_.back().get();
}

void FileLedger::AddBlock(uint32_t ordinal, uint64_t text_bytes, uint64_t lines_left_out) {
  const std::lock_guard lock(mutex_);
  if (blocks_.size() <= ordinal) blocks_.resize(ordinal + 1);
  const auto member = static_cast<uint32_t>(members_.size() - 1);
  blocks_[ordinal] = {member, 0, lines_left_out};
  members_[member].text_bytes += text_bytes;
  lines_before_.clear();
}

void FileLedger::SetLines(uint32_t ordinal, uint64_t lines) {
  const std::lock_guard lock(mutex_);
  if (ordinal < blocks_.size()) blocks_[ordinal].lines = lines;
  lines_before_.clear();
}

void FileLedger::SetBytes(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!members_.empty()) members_.front().bytes = bytes;
}

Place FileLedger::Locate(uint32_t ordinal, uint32_t line) const {
  const std::lock_guard lock(mutex_);
  if (ordinal >= blocks_.size()) return {};
  return {members_[blocks_[ordinal].member].name, LineNumber(ordinal, line), 0, 0};
}

uint64_t FileLedger::RowNumber(uint32_t ordinal, uint32_t line) const {
  const std::lock_guard lock(mutex_);
  if (ordinal >= blocks_.size()) return 0;
  const Decoder* decoder = decoders_[blocks_[ordinal].member].get();
  return LineNumber(ordinal, line) - (decoder == nullptr ? 0 : decoder->header_lines());
}

uint64_t FileLedger::LineNumber(uint32_t ordinal, uint32_t line) const {
  if (lines_before_.empty()) {
    uint64_t lines = 0;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (i > 0 && blocks_[i].member != blocks_[i - 1].member) lines = 0;
      lines_before_.push_back(lines);
      lines += blocks_[i].lines + blocks_[i].left_out;
    }
  }
  return lines_before_[ordinal] + line + 1;
}

std::vector<FileInfo> FileLedger::Members() const {
  const std::lock_guard lock(mutex_);
  return members_;
}

}  // namespace plumbago::formats
