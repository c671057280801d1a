// Attributes as blocks of Grafana Tempo hold them: lists of keys with a column for each type of
// value, and columns that hold one attribute (docs/formats/tempo.md).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "formats/json/pool.h"
#include "formats/spans/span.h"
#include "store/column.h"

namespace plumbago::store {

// What the texts and attributes of one trace point into.
struct TempoStore {
  formats::json::Pool<formats::spans::Attribute> attributes;
  formats::json::Pool<formats::spans::Event> events;
  formats::json::Pool<formats::spans::Link> links;
  formats::json::TextArena texts;

  void Clear() {
    attributes.Clear();
    events.Clear();
    links.Clear();
    texts.Clear();
  }
};

// Attrs of a resource, scope, span, event or link.
class TempoAttributes {
 public:
  // nullptr, or no such list: there are none.
  explicit TempoAttributes(const Column* list);
  uint64_t Count(uint64_t row) const { return list_ == nullptr ? 0 : list_->At(row).length; }
  // Writes up to Count(row) attributes; returns how many.
  size_t Read(uint64_t row, formats::spans::Attribute* out, TempoStore& store) const;

 private:
  bool ReadValue(uint64_t i, formats::spans::Value& value, TempoStore& store) const;

  const Column* list_ = nullptr;
  const Column* key_ = nullptr;
  const Column* is_array_ = nullptr;
  const Column* value_type_ = nullptr;
  std::array<const Column*, 4> values_{};
  size_t count_ = 0;
  std::array<const Column*, 4> others_{};
  size_t other_count_ = 0;
};

// A column that holds one attribute, by the name that meta.json or the schema gives it.
struct NamedCells {
  std::string name;
  const Column* column = nullptr;
};
// Writes up to one attribute of each; returns how many.
size_t ReadNamed(std::span<const NamedCells> named, uint64_t row, formats::spans::Attribute* out,
                 TempoStore& store);

}  // namespace plumbago::store
