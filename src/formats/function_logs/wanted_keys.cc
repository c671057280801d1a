#include "formats/function_logs/wanted_keys.h"

#include <algorithm>
#include <bit>

namespace plumbago::formats::function_logs {

using json::Cursor;

WantedKeys::WantedKeys(const TableMap& table) {
  const auto add = [this](const std::string& key) {
    if (keys_.size() < kMost && key.size() < 1000 && IndexOf(key) == keys_.size())
      keys_.push_back(key);
  };
  for (const std::string& key : table.needs) add(key);
  TableMap::ForEachField(table, [&](const char*, const FieldSource& field) {
    for (const std::string& key : field.columns) add(key);
  });
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (!keys_[i].empty()) begin_[static_cast<unsigned char>(keys_[i][0])] |= uint64_t{1} << i;
  }
  const auto source = [&](ExecutionCell ExecutionCells::* cell, const FieldSource& field) {
    if (!field.given()) return;
    Source& made = sources_.emplace_back(Source{cell, {}, {}});
    if (field.constant) made.constant.text = *field.constant;
    for (const std::string& key : field.columns) {
      if (const size_t i = IndexOf(key); i < keys_.size())
        made.keys.push_back(static_cast<uint8_t>(i));
    }
  };
  source(&ExecutionCells::app, table.app);
  source(&ExecutionCells::function, table.function);
  source(&ExecutionCells::owner, table.owner);
  source(&ExecutionCells::trigger, table.trigger);
  source(&ExecutionCells::start, table.start);
  source(&ExecutionCells::end, table.end);
  source(&ExecutionCells::duration, table.duration);
  source(&ExecutionCells::memory, table.memory);
  source(&ExecutionCells::cold, table.cold);
  source(&ExecutionCells::cold_latency, table.cold_latency);
  source(&ExecutionCells::wait, table.wait);
  source(&ExecutionCells::skip, table.skip);
}

bool WantedKeys::IsThere(std::string_view key, const KeyTexts& texts) const {
  const size_t i = IndexOf(key);
  return i < keys_.size() && (texts.there >> i & 1) != 0;
}

size_t WantedKeys::IndexOf(std::string_view key) const {
  return static_cast<size_t>(std::find(keys_.begin(), keys_.end(), key) - keys_.begin());
}

bool WantedKeys::Read(Cursor& json, KeyTexts& texts) const {
  texts.found.resize(keys_.size());
  texts.there = 0;
  const uint64_t all = keys_.size() == kMost ? ~uint64_t{0} : (uint64_t{1} << keys_.size()) - 1;
  return Object(json, all, {}, 0, texts);
}

bool WantedKeys::Object(Cursor& json, uint64_t among, const Offsets& at, int depth,
                        KeyTexts& texts) const {
  return json.Object([&](std::string_view key) {
    return json.Plain(key) && Value(json, key, among, at, depth, texts);
  });
}

bool WantedKeys::Value(Cursor& json, std::string_view key, uint64_t among, const Offsets& at,
                       int depth, KeyTexts& texts) const {
  uint64_t within = 0;  // keys that this one leads to
  size_t is = kMost;    // the key that it is
  Offsets next;
  if (depth == 0) among &= key.empty() ? 0 : begin_[static_cast<unsigned char>(key[0])];
  for (uint64_t bits = among; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(bits));
    const std::string_view wanted = std::string_view(keys_[i]).substr(at[i]);
    const bool whole = wanted.size() == key.size();
    if (!whole && (wanted.size() < key.size() || wanted[key.size()] != '.')) continue;
    if (!wanted.starts_with(key)) continue;
    if (whole) {
      is = i;
    } else {
      within |= uint64_t{1} << i;
      next[i] = static_cast<uint16_t>(at[i] + key.size() + 1);
    }
  }
  const char c = json.Peek();
  if (c == '{' && within != 0 && depth < Cursor::kMostDepth)
    return Object(json, within, next, depth + 1, texts);
  if (c == '[' && within != 0 && depth < Cursor::kMostDepth)
    return Pairs(json, within, next, depth + 1, texts);
  if (is == kMost || c == '{' || c == '[') return json.Skip();
  KeyTexts::Found& found = texts.found[is];
  found.position = json.position();
  texts.there |= uint64_t{1} << is;
  if (c == '"') return json.String(found.text);
  found.text = json.Here();
  while (!found.text.empty() && static_cast<unsigned char>(found.text.back()) <= ' ')
    found.text.remove_suffix(1);
  return json.Skip();
}

// [{"key": "initTime", "value": 50}, ...]
bool WantedKeys::Pairs(Cursor& json, uint64_t among, const Offsets& at, int depth,
                       KeyTexts& texts) const {
  return json.Array([&] {
    if (json.Peek() != '{') return json.Skip();
    std::string_view key;
    const uint32_t* value = nullptr;
    const bool read = json.Object([&](std::string_view part) {
      if (part == "key" && json.Peek() == '"') return json.String(key);
      if (part == "value") value = json.at();
      return json.Skip();
    });
    if (!read || key.empty() || value == nullptr) return read;
    const uint32_t* const behind = json.at();
    json.GoTo(value);
    if (!Value(json, key, among, at, depth, texts)) return false;
    json.GoTo(behind);
    return true;
  });
}

const KeyTexts::Found* WantedKeys::FoundOf(const FieldSource& field, const KeyTexts& texts) const {
  for (const std::string& key : field.columns) {
    if (IsThere(key, texts)) return &texts.found[IndexOf(key)];
  }
  return nullptr;
}

ExecutionCells WantedKeys::CellsOf(const KeyTexts& texts) const {
  ExecutionCells cells;
  for (const Source& source : sources_) {
    ExecutionCell& cell = cells.*source.cell;
    cell = source.constant;
    for (const uint8_t key : source.keys) {
      if ((texts.there >> key & 1) == 0) continue;
      cell = {texts.found[key].text, keys_[key]};
      break;
    }
  }
  return cells;
}

bool WantedKeys::Fits(const TableMap& table, const KeyTexts& texts) const {
  bool fits = true;
  for (const std::string& key : table.needs) fits = fits && IsThere(key, texts);
  TableMap::ForEachField(table, [&](const char*, const FieldSource& field) {
    fits = fits && (field.constant || field.optional || FoundOf(field, texts) != nullptr);
  });
  return fits && (FoundOf(table.start, texts) != nullptr || FoundOf(table.end, texts) != nullptr);
}

}  // namespace plumbago::formats::function_logs
