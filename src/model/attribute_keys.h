// Which attributes may be compared: those of keys with few values. A key that has another value on
// every request (an id) would fill any memory, and says nothing of the requests that share it.
//
// Counted by the service that wrote the span and the key, while rows are read. A key is left out
// once it has had more than kMostValues values there, a service once it has had more than kMostKeys
// keys. Both are so, or not, whatever the order in which values come: rows that were read before
// are judged by it afterwards.
//
// Thread-safe. A key takes about 100 bytes and 16 for each value; takes a lock, so readers keep an
// AttributeCache in front.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace plumbago::model {

class AttributeKeys {
 public:
  static constexpr size_t kMostValues = 256;
  static constexpr size_t kMostKeys = 512;

  struct Key {
    uint32_t id = 0;  // of its name in Names::attributes; 0: of a service with too many keys
    std::atomic<bool> left_out = false;
    std::mutex mutex;
    std::unordered_set<uint64_t> values;  // hashes; emptied once it is left out
  };

  // Of a service (its id) and a key by the hash of its name (NameTable::HashText). `intern()` gives
  // the name's id, of one that is new and wanted. Never moves.
  template <class Intern>
  Key& Of(uint32_t service, uint64_t key, Intern&& intern) {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find({service, key});
    if (found != keys_.end()) return *found->second;
    Service& of = services_[service];
    if (of.keys == kMostKeys) {
      of.left_out = true;
      none_.left_out = true;
      return none_;
    }
    ++of.keys;
    auto& made = keys_[{service, key}];
    made = std::make_unique<Key>();
    made->id = intern();
    return *made;
  }
  // Counts a value by its hash. False: the key is left out.
  static bool Take(Key& key, uint64_t value);

  // What came of it, once all is read.
  const Key* Find(uint32_t service, uint64_t key) const;  // nullptr: it has no such key
  bool KeyLeftOut(uint32_t service, uint64_t key) const {
    const Key* found = Find(service, key);
    return found != nullptr && found->left_out;
  }
  bool ServiceLeftOut(uint32_t service) const;
  // Of any service that is not left out: the keys, and the values of those that are not left out.
  struct Wanted {
    bool some_left_out = false;
    std::unordered_map<uint64_t, uint32_t> keys;                        // id of the name
    std::unordered_map<uint64_t, std::unordered_set<uint64_t>> values;  // by key
    bool Has(uint64_t key, bool has_value, uint64_t value) const;
    uint32_t IdOf(uint64_t key) const;  // 0: not wanted
  };
  Wanted FindWanted() const;
  // Of attributes that a saved state names (ids of Names::attributes): they stay.
  void AddSaved(std::span<const uint32_t> ids);
  bool Saved(uint32_t id) const { return saved_.contains(id); }
  // After Renumber: a key or a service is left out; otherwise nobody need ask which.
  bool some_left_out() const { return some_left_out_; }
  // Of the keys with this name, one; or there are services that are left out.
  bool SomeLeaveOut(uint64_t key) const { return service_left_out_ || left_out_.contains(key); }
  // Once names have other ids (NameTable::Sort): new ones by old ones. Keys that were handed out
  // are void.
  void Renumber(std::span<const uint32_t> services, std::span<const uint32_t> attributes);

 private:
  struct Service {
    size_t keys = 0;
    bool left_out = false;
  };
  struct Both {
    uint32_t service = 0;
    uint64_t key = 0;
    friend bool operator==(const Both&, const Both&) = default;
  };
  struct Hash {
    size_t operator()(const Both& both) const {
      return both.key ^ both.service * 0x9E3779B97F4A7C15ull;
    }
  };

  std::mutex mutex_;
  std::unordered_map<Both, std::unique_ptr<Key>, Hash> keys_;
  std::unordered_map<uint32_t, Service> services_;
  Key none_;  // of services that are left out
  std::unordered_set<uint32_t> saved_;
  // After Renumber.
  bool some_left_out_ = false;
  bool service_left_out_ = false;
  std::unordered_set<uint64_t> left_out_;  // by the hash of the name
};

}  // namespace plumbago::model
