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
}

size_t WantedKeys::IndexOf(std::string_view key) const {
  return static_cast<size_t>(std::find(keys_.begin(), keys_.end(), key) - keys_.begin());
}

bool WantedKeys::Read(Cursor& json, KeyTexts& texts) const {
  texts.found.assign(keys_.size(), {});
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
  for (uint64_t bits = among; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(bits));
    const std::string_view wanted = std::string_view(keys_[i]).substr(at[i]);
    if (!wanted.starts_with(key)) continue;
    if (wanted.size() == key.size()) {
      is = i;
    } else if (wanted[key.size()] == '.') {
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
  found.there = true;
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
    const size_t i = IndexOf(key);
    if (i < texts.found.size() && texts.found[i].there) return &texts.found[i];
  }
  return nullptr;
}

ExecutionCells WantedKeys::CellsOf(const TableMap& table, const KeyTexts& texts) const {
  const auto cell = [&](const FieldSource& field) -> ExecutionCell {
    if (field.constant) return {*field.constant, {}};
    for (const std::string& key : field.columns) {
      const size_t i = IndexOf(key);
      if (i < texts.found.size() && texts.found[i].there) return {texts.found[i].text, key};
    }
    return {};
  };
  return {cell(table.app),   cell(table.function),     cell(table.owner),    cell(table.trigger),
          cell(table.start), cell(table.end),          cell(table.duration), cell(table.memory),
          cell(table.cold),  cell(table.cold_latency), cell(table.wait),     cell(table.skip)};
}

bool WantedKeys::Fits(const TableMap& table, const KeyTexts& texts) const {
  bool fits = true;
  for (const std::string& key : table.needs) {
    const size_t i = IndexOf(key);
    fits = fits && i < texts.found.size() && texts.found[i].there;
  }
  TableMap::ForEachField(table, [&](const char*, const FieldSource& field) {
    fits = fits && (field.constant || field.optional || FoundOf(field, texts) != nullptr);
  });
  return fits && (FoundOf(table.start, texts) != nullptr || FoundOf(table.end, texts) != nullptr);
}

}  // namespace plumbago::formats::function_logs
