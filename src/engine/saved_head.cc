#include "engine/saved_head.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "engine/saved_text.h"

namespace plumbago::engine {
namespace {

using statistics::AppendSigned;
using statistics::AppendVarint;
using statistics::StateReader;

void SaveTexts(const std::vector<std::string>& texts, std::string& out) {
  AppendVarint(out, texts.size());
  for (const std::string& text : texts) AppendText(out, text);
}

bool LoadTexts(StateReader& in, std::vector<std::string>& texts) {
  texts.clear();
  for (uint64_t count = in.Varint(); count > 0 && in.ok(); --count) {
    texts.emplace_back(ReadText(in));
  }
  return in.ok();
}

bool LoadFlag(StateReader& in, bool& flag) {
  const uint64_t bit = in.Varint();
  flag = bit == 1;
  return in.ok() && bit <= 1;
}

}  // namespace

void SavedHead::Save(std::string& out) const {
  AppendText(out, graph::RepairModeName(mode));
  SaveTexts(analyses, out);
  AppendSigned(out, first_ns);
  AppendSigned(out, last_ns);
  AppendVarint(out, static_cast<uint64_t>(tick_ns));
  AppendVarint(out, sides_marked);
  AppendVarint(out, interrupted);
  AppendVarint(out, files.size());
  for (const SavedFile& file : files) {
    AppendText(out, file.name);
    AppendText(out, file.format);
    AppendVarint(out, file.bytes);
  }
  SaveTexts(skipped, out);
  damage.Save(out);
  analysis::SaveFields(completeness, out);
}

bool SavedHead::Load(StateReader& in) {
  const std::optional<graph::RepairMode> known = graph::ParseRepairMode(ReadText(in));
  if (!known || !LoadTexts(in, analyses)) return false;
  mode = *known;
  first_ns = in.Signed();
  last_ns = in.Signed();
  tick_ns = static_cast<int64_t>(in.Varint());
  if (tick_ns != 1 && tick_ns != 1'000 && tick_ns != 1'000'000) return false;
  if (!LoadFlag(in, sides_marked) || !LoadFlag(in, interrupted)) return false;
  files.clear();
  for (uint64_t count = in.Varint(); count > 0 && in.ok(); --count) {
    SavedFile& file = files.emplace_back();
    file.name = ReadText(in);
    file.format = ReadText(in);
    file.bytes = in.Varint();
  }
  return LoadTexts(in, skipped) && std::is_sorted(files.begin(), files.end()) && damage.Load(in) &&
         analysis::LoadFields(completeness, in, {}) && in.remaining() == 0;
}

}  // namespace plumbago::engine
