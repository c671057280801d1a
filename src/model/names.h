// Names (services, operations, instances, attributes) as dense 32-bit ids, shared by all threads of
// a run.
//
// Ids are handed out in order of arrival, so they differ from run to run: no result may depend on
// them. Sort by text, hash by Hash(id).
//
// Thread-safe: Intern, Text and Hash may run at once on any thread. Interning takes a lock of one
// of 64 shards; readers of files keep a NameCache of their own in front, which needs none on a hit.
// Text and Hash take no lock: chunks never move.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/strong_id.h"
#include "model/attribute_keys.h"

namespace plumbago::model {

// A microservice (or a function's application, a database, a cache). kNoService: the name is
// missing.
enum class ServiceId : uint32_t {};
inline constexpr ServiceId kNoService{0};
// An interface, endpoint or span name. kNoOperation: missing.
enum class OperationId : uint32_t {};
inline constexpr OperationId kNoOperation{0};
// A container, pod or host. kNoInstance: missing.
enum class InstanceId : uint32_t {};
inline constexpr InstanceId kNoInstance{0};
// An attribute of a span: key and value, or the key alone (attribute_cache.h). kNoAttribute: none.
enum class AttributeId : uint32_t {};
inline constexpr AttributeId kNoAttribute{0};

// One kind of name. Id 0 is the empty text, always there.
class NameTable {
 public:
  NameTable();
  ~NameTable();
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;

  uint32_t Intern(std::string_view text) { return Intern(text, HashText(text)); }
  // With HashText(text) already at hand.
  uint32_t Intern(std::string_view text, uint64_t hash);
  std::string_view Text(uint32_t id) const { return At(id).text; }
  // A hash of the text: the same on every run and machine.
  uint64_t Hash(uint32_t id) const { return At(id).hash; }
  // Number of ids handed out: every id is below it.
  uint32_t size() const { return size_.load(std::memory_order_acquire); }
  // Renumbers all names by the order of their texts, so that comparing ids compares texts (id 0
  // stays the empty one). Returns the new id of each old one. Nothing else may use the table
  // meanwhile; ids handed out and caches filled before are void. Names interned later come after.
  std::vector<uint32_t> Sort();
  // Takes the names out that `dropped` marks (by id; not 0). Returns the new id of each old one, of
  // those dropped 0. As with Sort.
  std::vector<uint32_t> Drop(const std::vector<bool>& dropped);

  static uint64_t HashText(std::string_view text);

 private:
  struct Entry {
    std::string_view text;
    uint64_t hash = 0;
  };
  struct Shard;
  static constexpr uint32_t kChunkBits = 14;
  static constexpr uint32_t kChunks = 1u << 16;

  const Entry& At(uint32_t id) const {
    return chunks_[id >> kChunkBits].load(std::memory_order_acquire)[id & ((1u << kChunkBits) - 1)];
  }

  std::unique_ptr<std::atomic<Entry*>[]> chunks_;
  std::unique_ptr<Shard[]> shards_;
  std::mutex grow_;
  std::atomic<uint32_t> size_{0};
};

// A thread's private look-up in front of a NameTable. Not thread-safe; the table must outlive it.
//
// Nearly all of its time is waiting for memory: the slot, then the name that the slot points to. A
// reader that looks up many names hides it by three steps, each for several names before the next
// step:
//   hash = Prepare(text);  Approach(hash);  id = Intern(text, hash);
// (Decoding 2021 rows, 2.5 names each, 48,000 different ones: from 2.7 to 4.8 million rows/s on one
// core.)
class NameCache {
 public:
  explicit NameCache(NameTable& table);
  uint32_t Intern(std::string_view text) { return Intern(text, NameTable::HashText(text)); }
  // With HashText(text) already at hand.
  uint32_t Intern(std::string_view text, uint64_t hash);

  // Asks for the slot's memory; returns HashText(text).
  uint64_t Prepare(std::string_view text) {
    const uint64_t hash = NameTable::HashText(text);
    __builtin_prefetch(&slots_[hash & mask_]);
    return hash;
  }
  // Asks for the memory of the name in the slot.
  void Approach(uint64_t hash) const {
    // As a number: a free slot has no text, and asking for what is not there does no harm.
    const auto text = reinterpret_cast<uintptr_t>(slots_[hash & mask_].text);
    __builtin_prefetch(reinterpret_cast<const void*>(text));
    __builtin_prefetch(reinterpret_cast<const void*>(text + 63));
  }

 private:
  struct alignas(32) Slot {  // never across two lines of the cache
    uint64_t hash = 0;
    uint32_t id = 0;
    uint32_t size = 0;
    const char* text = nullptr;
  };
  uint32_t InternMiss(std::string_view text, uint64_t hash);
  void Grow();

  NameTable& table_;
  std::vector<Slot> slots_;
  size_t used_ = 0;
  size_t mask_ = 0;
};

// New ids by old ones; empty: unchanged.
struct NameRanks {
  std::vector<uint32_t> services;
  std::vector<uint32_t> operations;
  std::vector<uint32_t> instances;
  std::vector<uint32_t> attributes = {};
};

struct Names {
  NameTable services;
  NameTable operations;
  NameTable instances;
  NameTable attributes;
  AttributeKeys attribute_keys;

  ServiceId Service(std::string_view text) { return Id<ServiceId>(services.Intern(text)); }
  OperationId Operation(std::string_view text) { return Id<OperationId>(operations.Intern(text)); }
  InstanceId Instance(std::string_view text) { return Id<InstanceId>(instances.Intern(text)); }
  std::string_view Text(ServiceId id) const { return services.Text(Index(id)); }
  std::string_view Text(OperationId id) const { return operations.Text(Index(id)); }
  std::string_view Text(InstanceId id) const { return instances.Text(Index(id)); }
  std::string_view Text(AttributeId id) const { return attributes.Text(Index(id)); }
  // NameTable::Sort of each. Attributes of keys that are left out go before: which values of them
  // were seen until then hangs on who came first. Their new id is that of the key alone, or 0.
  NameRanks Sort();
  // Once sorted: whether some service leaves that attribute out, and what one that is not left out
  // itself keeps of it: the whole, or its key alone.
  bool MayBeLeftOut(AttributeId id) const {
    return !may_be_left_out_.empty() && may_be_left_out_[Index(id)] != 0;
  }
  AttributeId Kept(ServiceId service, AttributeId id) const;

 private:
  std::vector<uint32_t> SortAttributes();
  void FindLeftOut();

  std::vector<uint8_t> may_be_left_out_;  // by id; empty: none is
};

// A thread's caches for all three kinds.
struct NameCaches {
  explicit NameCaches(Names& names)
      : services(names.services), operations(names.operations), instances(names.instances) {}
  NameCache services;
  NameCache operations;
  NameCache instances;
};

}  // namespace plumbago::model
