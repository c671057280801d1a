#include "store/pages/list_entries.h"

#include <algorithm>

#include "store/pages/level_counts.h"

namespace plumbago::store {

void ListEntries::Fill(const SchemaNode& list, const LeafReader& leaf) {
  const size_t count = leaf.entries();
  auto* const entries =
      reinterpret_cast<duckdb::ListEntry*>(entries_.Reset((count + 1) * sizeof(duckdb::ListEntry)));
  const uint8_t* const repetitions = leaf.repetitions();
  const uint8_t* const definitions = leaf.definitions();
  const unsigned own = list.lists + 1u;
  const uint8_t outer = list.slot, element = list.element;
  if (CountFrom(definitions, count, element) == 0) {  // many a kind of value nobody uses
    size_ = CountBegins(repetitions, definitions, count, static_cast<uint8_t>(own), outer);
    elements_ = 0;
    std::fill_n(entries, size_, duckdb::ListEntry{0, 0});
    return;
  }
  size_t lists = 0, elements = 0;
  for (size_t i = 0; i < count; ++i) {
    // Where no list begins, the next one's entry is written again.
    entries[lists].offset = elements;
    lists +=
        static_cast<size_t>(repetitions[i] < own) & static_cast<size_t>(definitions[i] >= outer);
    elements +=
        static_cast<size_t>(repetitions[i] <= own) & static_cast<size_t>(definitions[i] >= element);
  }
  entries[lists].offset = elements;
  for (size_t i = 0; i < lists; ++i) entries[i].length = entries[i + 1].offset - entries[i].offset;
  size_ = lists;
  elements_ = elements;
}

}  // namespace plumbago::store
