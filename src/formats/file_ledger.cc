#include "formats/file_ledger.h"

#include <algorithm>

namespace plumbago::formats {

const Decoder* FileLedger::AddMember(std::string name, uint64_t bytes, const Format* format,
                                     std::unique_ptr<Decoder> decoder) {
  const std::lock_guard lock(mutex_);
  members_.push_back({std::move(name), bytes, 0, format});
  header_lines_.push_back(decoder == nullptr ? 0 : decoder->header_lines());
  decoders_.push_back(std::move(decoder));
  return decoders_.back().get();
}

FileLedger::Entry& FileLedger::At(uint32_t ordinal) {
  if (blocks_.size() <= ordinal) blocks_.resize(size_t{ordinal} + 1);
  lines_before_.clear();
  return blocks_[ordinal];
}

void FileLedger::AddBlock(uint32_t ordinal, uint64_t text_bytes, uint64_t lines_left_out) {
  const std::lock_guard lock(mutex_);
  const auto member = static_cast<uint32_t>(members_.size() - 1);
  At(ordinal) = {member, true, text_bytes == 0, 0, lines_left_out, text_bytes};
  members_[member].text_bytes += text_bytes;
}

void FileLedger::SetLines(uint32_t ordinal, uint64_t lines) {
  const std::lock_guard lock(mutex_);
  if (ordinal >= blocks_.size()) return;
  Entry& entry = At(ordinal);
  entry.lines = lines;
  entry.done = true;
}

void FileLedger::SetBytes(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!members_.empty()) members_.front().bytes = bytes;
}

void FileLedger::Restore(const BlockProgress& block) {
  const std::lock_guard lock(mutex_);
  const auto member = static_cast<uint32_t>(members_.size() - 1);
  At(block.ordinal) = {member, true, true, block.lines, block.lines_left_out, block.text_bytes};
  members_[member].text_bytes += block.text_bytes;
}

void FileLedger::RestoreRest(const FileProgress& before, std::span<const Format* const> formats) {
  const std::lock_guard lock(mutex_);
  for (size_t i = members_.size(); i < before.members.size(); ++i) {
    const MemberProgress& member = before.members[i];
    const auto format = std::find_if(formats.begin(), formats.end(),
                                     [&](const Format* f) { return f->name() == member.format; });
    members_.push_back({member.name, member.bytes, 0, format == formats.end() ? nullptr : *format});
    header_lines_.push_back(member.header_lines);
    decoders_.push_back(nullptr);
  }
  for (const BlockProgress& block : before.blocks) {
    if (block.member >= members_.size()) continue;
    Entry& entry = At(block.ordinal);
    if (entry.known) continue;
    entry = {block.member, true, true, block.lines, block.lines_left_out, block.text_bytes};
    members_[block.member].text_bytes += block.text_bytes;
  }
}

bool FileLedger::Tell(const FileProgress* before, FileProgress& progress) const {
  const std::lock_guard lock(mutex_);
  bool all_done = true;
  for (size_t i = 0; i < members_.size(); ++i) {
    const FileInfo& member = members_[i];
    progress.members.push_back({member.name,
                                member.format == nullptr ? "" : std::string(member.format->name()),
                                member.bytes, header_lines_[i]});
  }
  if (before != nullptr && before->members.size() > members_.size()) {
    progress.members = before->members;
  }
  for (uint32_t ordinal = 0; ordinal < blocks_.size(); ++ordinal) {
    const Entry& entry = blocks_[ordinal];
    if (entry.done) {
      progress.blocks.push_back(
          {ordinal, entry.member, entry.lines, entry.left_out, entry.text_bytes});
    } else if (entry.known) {
      all_done = false;
    }
  }
  if (before == nullptr) return all_done;
  // A stream has not come as far yet as the run before it.
  const size_t mine = progress.blocks.size();
  for (const BlockProgress& block : before->blocks) {
    const bool known = block.ordinal < blocks_.size() && blocks_[block.ordinal].known;
    if (!known) progress.blocks.push_back(block);
  }
  std::inplace_merge(
      progress.blocks.begin(), progress.blocks.begin() + static_cast<ptrdiff_t>(mine),
      progress.blocks.end(),
      [](const BlockProgress& a, const BlockProgress& b) { return a.ordinal < b.ordinal; });
  return all_done;
}

Place FileLedger::Locate(uint32_t ordinal, uint32_t line) const {
  const std::lock_guard lock(mutex_);
  if (ordinal >= blocks_.size() || !blocks_[ordinal].known) return {};
  return {members_[blocks_[ordinal].member].name, LineNumber(ordinal, line), 0, 0};
}

uint64_t FileLedger::RowNumber(uint32_t ordinal, uint32_t line) const {
  const std::lock_guard lock(mutex_);
  if (ordinal >= blocks_.size() || !blocks_[ordinal].known) return 0;
  return LineNumber(ordinal, line) - header_lines_[blocks_[ordinal].member];
}

uint64_t FileLedger::LineNumber(uint32_t ordinal, uint32_t line) const {
  if (lines_before_.empty()) {
    uint64_t lines = 0;
    uint32_t member = 0;
    for (const Entry& entry : blocks_) {
      if (entry.known && entry.member != member) {
        lines = 0;
        member = entry.member;
      }
      lines_before_.push_back(lines);
      lines += entry.lines + entry.left_out;
    }
  }
  return lines_before_[ordinal] + line + 1;
}

std::vector<FileInfo> FileLedger::Members() const {
  const std::lock_guard lock(mutex_);
  return members_;
}

}  // namespace plumbago::formats
