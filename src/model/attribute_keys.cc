#include "model/attribute_keys.h"

#include <utility>

namespace plumbago::model {

bool AttributeKeys::Take(Key& key, uint64_t value) {
  if (key.left_out.load(std::memory_order_relaxed)) return false;
  const std::lock_guard lock(key.mutex);
  if (key.left_out.load(std::memory_order_relaxed)) return false;
  key.values.insert(value);
  if (key.values.size() <= kMostValues) return true;
  key.left_out = true;
  std::unordered_set<uint64_t>().swap(key.values);
  return false;
}

const AttributeKeys::Key* AttributeKeys::Find(uint32_t service, uint64_t key) const {
  const auto found = keys_.find({service, key});
  return found == keys_.end() ? nullptr : found->second.get();
}

bool AttributeKeys::ServiceLeftOut(uint32_t service) const {
  const auto found = services_.find(service);
  return found != services_.end() && found->second.left_out;
}

bool AttributeKeys::Wanted::Has(uint64_t key, bool has_value, uint64_t value) const {
  if (!has_value) return keys.contains(key);
  const auto found = values.find(key);
  return found != values.end() && found->second.contains(value);
}

uint32_t AttributeKeys::Wanted::IdOf(uint64_t key) const {
  const auto found = keys.find(key);
  return found == keys.end() ? 0 : found->second;
}

AttributeKeys::Wanted AttributeKeys::FindWanted() const {
  Wanted wanted;
  for (const auto& [service, of] : services_) wanted.some_left_out |= of.left_out;
  for (const auto& [both, key] : keys_) wanted.some_left_out |= key->left_out;
  if (!wanted.some_left_out) return wanted;
  for (const auto& [both, key] : keys_) {
    if (ServiceLeftOut(both.service)) continue;
    wanted.keys[both.key] = key->id;
    if (!key->left_out) wanted.values[both.key].insert(key->values.begin(), key->values.end());
  }
  return wanted;
}

void AttributeKeys::AddSaved(std::span<const uint32_t> ids) {
  const std::lock_guard lock(mutex_);
  saved_.insert(ids.begin(), ids.end());
}

void AttributeKeys::Renumber(std::span<const uint32_t> services,
                             std::span<const uint32_t> attributes) {
  saved_.clear();
  decltype(keys_) keys;
  for (auto& [both, key] : keys_) {
    key->id = attributes[key->id];
    if (key->left_out) left_out_.insert(both.key);
    keys[{services[both.service], both.key}] = std::move(key);
  }
  keys_ = std::move(keys);
  decltype(services_) renumbered;
  for (const auto& [service, of] : services_) {
    service_left_out_ |= of.left_out;
    renumbered[services[service]] = of;
  }
  services_ = std::move(renumbered);
  some_left_out_ = service_left_out_ || !left_out_.empty();
}

}  // namespace plumbago::model
