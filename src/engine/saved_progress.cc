#include "engine/saved_progress.h"

#include "engine/saved_text.h"

namespace plumbago::engine {
namespace {

using formats::BlockProgress;
using formats::FileProgress;
using formats::MemberProgress;
using statistics::AppendVarint;
using statistics::StateReader;

void SaveFile(const FileProgress& file, std::string& out) {
  AppendText(out, file.path);
  AppendVarint(out, file.bytes);
  statistics::AppendSigned(out, file.modified_ns);
  AppendVarint(out, file.block_bytes);
  AppendVarint(out, file.max_record);
  AppendVarint(out, uint64_t{file.at_end} | uint64_t{file.finished} << 1);
  AppendVarint(out, file.members.size());
  for (const MemberProgress& member : file.members) {
    AppendText(out, member.name);
    AppendText(out, member.format);
    AppendVarint(out, member.bytes);
    AppendVarint(out, member.header_lines);
  }
  AppendVarint(out, file.blocks.size());
  for (const BlockProgress& block : file.blocks) {
    AppendVarint(out, block.ordinal);
    AppendVarint(out, block.member);
    AppendVarint(out, block.lines);
    AppendVarint(out, block.lines_left_out);
    AppendVarint(out, block.text_bytes);
  }
  AppendVarint(out, file.skipped.size());
  for (const std::string& text : file.skipped) AppendText(out, text);
}

bool LoadFile(StateReader& in, FileProgress& file) {
  file.path = ReadText(in);
  file.bytes = in.Varint();
  file.modified_ns = in.Signed();
  file.block_bytes = in.Varint();
  file.max_record = in.Varint();
  const uint64_t flags = in.Varint();
  if (flags > 3) return false;
  file.at_end = (flags & 1) != 0;
  file.finished = (flags & 2) != 0;
  for (uint64_t count = in.Varint(); count > 0 && in.ok(); --count) {
    MemberProgress& member = file.members.emplace_back();
    member.name = ReadText(in);
    member.format = ReadText(in);
    member.bytes = in.Varint();
    member.header_lines = in.Varint();
  }
  for (uint64_t count = in.Varint(); count > 0 && in.ok(); --count) {
    BlockProgress& block = file.blocks.emplace_back();
    block.ordinal = static_cast<uint32_t>(in.Varint());
    block.member = static_cast<uint32_t>(in.Varint());
    block.lines = in.Varint();
    block.lines_left_out = in.Varint();
    block.text_bytes = in.Varint();
    if (block.member >= file.members.size()) return false;
    if (file.blocks.size() > 1 && block.ordinal <= file.blocks[file.blocks.size() - 2].ordinal) {
      return false;
    }
  }
  for (uint64_t count = in.Varint(); count > 0 && in.ok(); --count) {
    file.skipped.emplace_back(ReadText(in));
  }
  return in.ok();
}

}  // namespace

void SaveProgress(std::span<const FileProgress> files, std::string& out) {
  AppendVarint(out, files.size());
  for (const FileProgress& file : files) SaveFile(file, out);
}

bool LoadProgress(StateReader& in, std::vector<FileProgress>& files) {
  files.clear();
  for (uint64_t count = in.Varint(); count > 0 && in.ok(); --count) {
    if (!LoadFile(in, files.emplace_back())) return false;
  }
  return in.ok() && in.remaining() == 0;
}

}  // namespace plumbago::engine
