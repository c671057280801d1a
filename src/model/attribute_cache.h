// A thread's way from attributes to their ids (Names::attributes), in front of locks: the key of a
// service, then the value.
//
// What an id stands for: attribute_text.h. Not thread-safe; names must outlive it. Cost: about 15
// ns an attribute that was seen before (two hashes, two look-ups).
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "model/names.h"

namespace plumbago::model {

// Longer values are not kept.
inline constexpr size_t kMostAttributeBytes = 256;

// What is read of the values of a key.
enum class AttributeUse : uint8_t {
  kWhole,
  kPath,  // up to the first '?' or '#': a URL without what was asked for
  kNothing,
};

class AttributeCache {
 public:
  // What AttributeUse::kNothing gives.
  static constexpr AttributeId kUnused{UINT32_MAX};

  AttributeCache(Names& names, AttributeUse (*use_of)(std::string_view key));
  // Of `service`, that wrote the span. A long value, and kNotKept, is not kept. The key alone,
  // where it has too many values; kNoAttribute, where the service has too many keys.
  AttributeId Intern(ServiceId service, std::string_view key, std::string_view value);

 private:
  struct KeySlot {
    uint64_t hash = 0;
    ServiceId service = kNoService;
    std::string_view text;
    AttributeKeys::Key* key = nullptr;  // nullptr: free
    AttributeUse use = AttributeUse::kWhole;
  };
  struct ValueSlot {
    uint64_t hash = 0;
    std::string_view text;  // of the value
    AttributeKeys::Key* key = nullptr;
    AttributeId id = kNoAttribute;
  };
  KeySlot KeyOf(ServiceId service, std::string_view key);
  KeySlot AddKey(uint64_t hash, ServiceId service, std::string_view key);
  KeySlot Remember(const KeySlot& made);
  AttributeId AddValue(uint64_t hash, AttributeKeys::Key& key, uint64_t value_hash,
                       std::string_view name, std::string_view value);
  template <class Slot>
  static void Grow(std::vector<Slot>& slots);

  Names& names_;
  AttributeUse (*const use_of_)(std::string_view key);
  std::vector<KeySlot> keys_;
  std::vector<ValueSlot> values_;
  std::deque<std::string> unused_;  // keys; of what program writes so many are few
  AttributeKeys::Key unused_key_;
  size_t used_keys_ = 0;
  size_t used_values_ = 0;
};

}  // namespace plumbago::model
