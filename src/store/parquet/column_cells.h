// What a layout reads of columns that a file may lack, or may have with another type: then it is
// empty.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/column.h"

namespace plumbago::store {

inline std::string_view TextOf(const Column* column, uint64_t row) {
  return column != nullptr && column->is_text() ? column->Text(row) : std::string_view();
}
inline int64_t IntegerOf(const Column* column, uint64_t row) {
  return column == nullptr ? 0 : column->Integer(row);
}
// A part of a struct.
inline const Column* Part(const Column* column, std::string_view name) {
  return column == nullptr ? nullptr : column->Find(name);
}
// What a list is of.
inline const Column* Element(const Column* list) {
  return list != nullptr && list->type == duckdb::TypeId::kList ? &list->children[0] : nullptr;
}
// A map of texts to texts.
inline const Column* TextMap(const Column* map) {
  return map != nullptr && map->type == duckdb::TypeId::kMap && map->children[0].is_text() &&
                 map->children[1].is_text()
             ? map
             : nullptr;
}
// True if such a map holds the same in both rows.
inline bool SameMap(const Column* map, uint64_t a, uint64_t b) {
  if (map == nullptr) return true;
  const duckdb::ListEntry x = map->At(a), y = map->At(b);
  if (x.length != y.length) return false;
  for (uint64_t i = 0; i < x.length; ++i) {
    if (map->children[1].Text(x.offset + i) != map->children[1].Text(y.offset + i) ||
        map->children[0].Text(x.offset + i) != map->children[0].Text(y.offset + i)) {
      return false;
    }
  }
  return true;
}

}  // namespace plumbago::store
