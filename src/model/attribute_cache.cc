#include "model/attribute_cache.h"

#include <utility>

#include "base/strong_id.h"
#include "model/attribute_text.h"

namespace plumbago::model {
namespace {

constexpr size_t kFirstSlots = 512;

uint64_t Mixed(uint64_t hash, uint64_t with) {
  hash = (hash ^ with) * 0x9E3779B97F4A7C15ull;
  return hash ^ hash >> 32;
}

}  // namespace

AttributeCache::AttributeCache(Names& names, AttributeUse (*use_of)(std::string_view key))
    : names_(names), use_of_(use_of), keys_(kFirstSlots), values_(kFirstSlots) {}

template <class Slot>
void AttributeCache::Grow(std::vector<Slot>& slots) {
  std::vector<Slot> larger(slots.size() * 2);
  for (Slot& slot : slots) {
    if (slot.key == nullptr) continue;
    size_t to = slot.hash & (larger.size() - 1);
    while (larger[to].key != nullptr) to = (to + 1) & (larger.size() - 1);
    larger[to] = slot;
  }
  slots = std::move(larger);
}

AttributeCache::KeySlot AttributeCache::KeyOf(ServiceId service, std::string_view key) {
  const uint64_t hash = Mixed(NameTable::HashText(key), Index(service));
  const size_t mask = keys_.size() - 1;
  for (size_t at = hash & mask; keys_[at].key != nullptr; at = (at + 1) & mask) {
    const KeySlot& slot = keys_[at];
    if (slot.hash == hash && slot.service == service && slot.text == key) return slot;
  }
  return AddKey(hash, service, key);
}

AttributeCache::KeySlot AttributeCache::AddKey(uint64_t hash, ServiceId service,
                                               std::string_view key) {
  const AttributeUse use = use_of_(key);
  if (use == AttributeUse::kNothing) {
    return Remember({hash, service, unused_.emplace_back(key), &unused_key_, use});
  }
  // A key with a zero byte could not be told from a key and its value: cut there.
  const std::string_view name = key.substr(0, key.find('\0'));
  AttributeKeys::Key& found = names_.attribute_keys.Of(
      Index(service), NameTable::HashText(name), [&] { return names_.attributes.Intern(name); });
  const KeySlot made{hash, service, names_.attributes.Text(found.id), &found, use};
  // Keys of which there may be any number are not remembered.
  return found.id == 0 || name != key ? made : Remember(made);
}

AttributeCache::KeySlot AttributeCache::Remember(const KeySlot& made) {
  if (++used_keys_ * 2 > keys_.size()) Grow(keys_);
  size_t at = made.hash & (keys_.size() - 1);
  while (keys_[at].key != nullptr) at = (at + 1) & (keys_.size() - 1);
  return keys_[at] = made;
}

AttributeId AttributeCache::Intern(ServiceId service, std::string_view key,
                                   std::string_view value) {
  const KeySlot of = KeyOf(service, key);
  if (of.use == AttributeUse::kNothing) return kUnused;
  if (of.use == AttributeUse::kPath) value = value.substr(0, value.find_first_of("?#"));
  if (of.key->left_out.load(std::memory_order_relaxed)) return Id<AttributeId>(of.key->id);
  if (value.size() > kMostAttributeBytes) value = kNotKept;
  const uint64_t value_hash = NameTable::HashText(value);
  const uint64_t hash = Mixed(value_hash, reinterpret_cast<uintptr_t>(of.key));
  const size_t mask = values_.size() - 1;
  for (size_t at = hash & mask; values_[at].key != nullptr; at = (at + 1) & mask) {
    const ValueSlot& slot = values_[at];
    if (slot.hash == hash && slot.key == of.key && slot.text == value) return slot.id;
  }
  return AddValue(hash, *of.key, value_hash, key.substr(0, key.find('\0')), value);
}

AttributeId AttributeCache::AddValue(uint64_t hash, AttributeKeys::Key& key, uint64_t value_hash,
                                     std::string_view name, std::string_view value) {
  if (!AttributeKeys::Take(key, value_hash)) return Id<AttributeId>(key.id);
  const uint32_t id = names_.attributes.Intern(AttributeText(name, value));
  if (++used_values_ * 2 > values_.size()) Grow(values_);
  size_t at = hash & (values_.size() - 1);
  while (values_[at].key != nullptr) at = (at + 1) & (values_.size() - 1);
  values_[at] = {hash, names_.attributes.Text(id).substr(name.size() + 1), &key,
                 Id<AttributeId>(id)};
  return Id<AttributeId>(id);
}

}  // namespace plumbago::model
