#include "analysis/attribute_cells.h"

#include <algorithm>

#include "base/mix_hash.h"
#include "base/strong_id.h"

namespace plumbago::analysis {

AttributeCells::AttributeCells(const AttributeCells& other) : table_(other.table_) {
  if (other.sets_ == nullptr) return;
  for (const Set& from : *other.sets_) {
    if (!from.used) continue;
    Set set;
    set.used = true;
    set.service = from.service;
    set.operation = from.operation;
    set.cells = from.cells;
    set.count = from.count;
    set.waiting = from.waiting;
    if (from.counted) set.counted = std::make_unique<AttributeCell>(*from.counted);
    ShareOut(set);
  }
}

AttributeCells& AttributeCells::operator=(const AttributeCells& other) {
  if (this != &other) *this = AttributeCells(other);
  return *this;
}

size_t AttributeCells::allocated() const {
  const size_t sets =
      sets_ == nullptr ? 0
                       : kSets * (sizeof(Set) + sizeof(AttributeCell) + AttributeCell::kHeapBytes);
  return table_.allocated() + sets;
}

AttributeCells::Set& AttributeCells::SetOf(model::ServiceId service, model::OperationId operation,
                                           std::span<const model::AttributeId> attributes) {
  if (sets_ == nullptr) sets_ = std::make_unique<std::array<Set, kSets>>();
  uint64_t hash = static_cast<uint64_t>(Index(service)) << 32 | Index(operation);
  hash *= 0x9E3779B97F4A7C15ull;
  for (const model::AttributeId id : attributes) {
    hash = (hash ^ Index(id)) * 0xD6E8FEB86659FD93ull;
    hash ^= hash >> 32;
  }
  hash = MixHash(hash);
  Set* const ways = &(*sets_)[hash & (kSets - kWays)];
  for (size_t i = 0; i < kWays; ++i) {
    Set& set = ways[i];
    if (!set.used) {
      set.hash = hash;
      return set;
    }
    if (set.hash == hash && set.service == service && set.operation == operation &&
        std::equal(set.given.begin(), set.given.end(), attributes.begin(), attributes.end())) {
      return set;
    }
  }
  Set& goes = ways[hash >> 32 & (kWays - 1)];
  ShareOut(goes);
  goes.hash = hash;
  return goes;
}

void AttributeCells::SortUnique(std::vector<model::AttributeId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

void AttributeCells::Count(Set& set) {
  if (set.counted == nullptr) set.counted = std::make_unique<AttributeCell>();
  for (size_t i = 0; i < set.count; ++i) set.counted->Add(set.waiting[i]);
  set.count = 0;
}

void AttributeCells::ShareOut(Set& set) {
  if (!set.used) return;
  for (const model::AttributeId id : set.cells) {
    AttributeCell& cell = table_[{Index(set.service), Index(set.operation), Index(id)}];
    if (set.counted != nullptr) cell.Merge(*set.counted);
    for (size_t i = 0; i < set.count; ++i) cell.Add(set.waiting[i]);
  }
  set.used = false;
  set.count = 0;
  set.counted.reset();
}

void AttributeCells::Flush() {
  if (sets_ == nullptr) return;
  for (Set& set : *sets_) ShareOut(set);
  sets_.reset();
}

}  // namespace plumbago::analysis
