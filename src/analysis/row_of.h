// A row of a table, of values as they come: texts, counts, shares; an optional one that is not
// known is an empty cell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "document/document.h"

namespace plumbago::analysis {

template <class T>
document::Cell CellFrom(const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return std::string(std::string_view(value));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<int64_t>(value);
  } else if constexpr (requires { value.has_value(); }) {
    return value ? CellFrom(*value) : document::Cell();
  } else {
    return value;
  }
}

template <class... T>
std::vector<document::Cell> RowOf(const T&... values) {
  std::vector<document::Cell> row;
  row.reserve(sizeof...(values));
  (row.push_back(CellFrom(values)), ...);
  return row;
}

}  // namespace plumbago::analysis
