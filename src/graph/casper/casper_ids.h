// How CASPER looks at ids: plain strings, with the regular expressions and prefixes of the original.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace plumbago::graph::casper {

using Ids = std::vector<std::string_view>;

// Python's rsplit('.', 1)[0]: an id without a dot is its own parent.
inline std::string_view ParentId(std::string_view id) {
  const size_t dot = id.rfind('.');
  return dot == std::string_view::npos ? id : id.substr(0, dot);
}

inline bool Contains(const Ids& ids, std::string_view id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Adds `value` if it is new: pandas' unique keeps the order of first appearance.
inline void AddUnique(Ids& values, std::string_view value) {
  if (!Contains(values, value)) values.push_back(value);
}

inline void SortByDots(Ids& ids) {
  std::stable_sort(ids.begin(), ids.end(), [](std::string_view a, std::string_view b) {
    return std::count(a.begin(), a.end(), '.') < std::count(b.begin(), b.end(), '.');
  });
}

inline size_t DigitsAfterDot(std::string_view id, size_t at) {
  if (at >= id.size() || id[at] != '.') return 0;
  size_t end = at + 1;
  while (end < id.size() && id[end] >= '0' && id[end] <= '9') ++end;
  return end - at - 1;
}

// ^id\.\d+$
inline Ids DirectDescendants(std::string_view id, const Ids& all) {
  Ids found;
  for (const std::string_view other : all) {
    if (!other.starts_with(id)) continue;
    const size_t digits = DigitsAfterDot(other, id.size());
    if (digits != 0 && id.size() + 1 + digits == other.size()) found.push_back(other);
  }
  return found;
}

// ^id(\.\d+)+, open at the end
inline Ids AllDescendants(std::string_view id, const Ids& all) {
  Ids found;
  for (const std::string_view other : all) {
    if (other.starts_with(id) && DigitsAfterDot(other, id.size()) != 0) found.push_back(other);
  }
  return found;
}

// The id itself and those that begin with it and a dot, by depth.
inline Ids Downstream(const Ids& all, std::string_view id) {
  Ids found;
  for (const std::string_view other : all) {
    if (other.size() > id.size() && other.starts_with(id) && other[id.size()] == '.') {
      found.push_back(other);
    }
  }
  found.push_back(id);
  SortByDots(found);
  return found;
}

// Quirk 2: without the dot, so that 0.1 takes 0.10 and all below it, too.
inline void DropPrefixed(Ids& ids, std::string_view prefix) {
  std::erase_if(ids, [&](std::string_view id) { return id.starts_with(prefix); });
}

// Ids whose parent is `id`; one without a dot is its own child (quirk 5).
inline Ids Children(const Ids& all, std::string_view id) {
  Ids found;
  for (const std::string_view other : all) {
    if (ParentId(other) == id) found.push_back(other);
  }
  return found;
}

}  // namespace plumbago::graph::casper
