#include "model/names.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/check.h"
#include "model/attribute_text.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace plumbago::model {
namespace {

constexpr size_t kShards = 64;
constexpr size_t kArenaBytes = 1u << 16;

// Texts that never move.
class Arena {
 public:
  std::string_view Keep(std::string_view text) {
    if (text.empty()) return "";
    if (text.size() > left_) {
      const size_t size = text.size() > kArenaBytes ? text.size() : kArenaBytes;
      blocks_.push_back(std::make_unique<char[]>(size));
      at_ = blocks_.back().get();
      left_ = size;
    }
    std::memcpy(at_, text.data(), text.size());
    const std::string_view kept(at_, text.size());
    at_ += text.size();
    left_ -= text.size();
    return kept;
  }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* at_ = nullptr;
  size_t left_ = 0;
};

}  // namespace

struct NameTable::Shard {
  std::mutex mutex;
  std::vector<uint32_t> slots = std::vector<uint32_t>(256, 0);  // id + 1; 0: free
  size_t used = 0;
  Arena arena;
};

uint64_t NameTable::HashText(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

NameTable::NameTable()
    : chunks_(std::make_unique<std::atomic<Entry*>[]>(kChunks)),
      shards_(std::make_unique<Shard[]>(kShards)) {
  Intern("");
}

NameTable::~NameTable() {
  for (uint32_t i = 0; i < kChunks; ++i) {
    Entry* chunk = chunks_[i].load(std::memory_order_relaxed);
    if (chunk == nullptr) break;
    delete[] chunk;
  }
}

uint32_t NameTable::Intern(std::string_view text, uint64_t hash) {
  Shard& shard = shards_[hash >> 58];
  const std::lock_guard lock(shard.mutex);
  size_t mask = shard.slots.size() - 1;
  size_t slot = hash & mask;
  while (shard.slots[slot] != 0) {
    const Entry& entry = At(shard.slots[slot] - 1);
    if (entry.hash == hash && entry.text == text) return shard.slots[slot] - 1;
    slot = (slot + 1) & mask;
  }
  const std::string_view kept = shard.arena.Keep(text);
  uint32_t id = 0;
  {
    const std::lock_guard grow(grow_);
    id = size_.load(std::memory_order_relaxed);
    const uint32_t chunk = id >> kChunkBits;
    CHECK(chunk < kChunks);
    Entry* entries = chunks_[chunk].load(std::memory_order_relaxed);
    if (entries == nullptr) {
      entries = new Entry[1u << kChunkBits];
      chunks_[chunk].store(entries, std::memory_order_release);
    }
    entries[id & ((1u << kChunkBits) - 1)] = {kept, hash};
    size_.store(id + 1, std::memory_order_release);
  }
  shard.slots[slot] = id + 1;
  if (++shard.used * 2 > shard.slots.size()) {
    std::vector<uint32_t> larger(shard.slots.size() * 2, 0);
    mask = larger.size() - 1;
    for (const uint32_t kept_id : shard.slots) {
      if (kept_id == 0) continue;
      size_t to = At(kept_id - 1).hash & mask;
      while (larger[to] != 0) to = (to + 1) & mask;
      larger[to] = kept_id;
    }
    shard.slots.swap(larger);
  }
  return id;
}

std::vector<uint32_t> NameTable::Sort() {
  const uint32_t count = size();
  // The first eight bytes decide nearly always, without a look at the text.
  struct Place {
    uint64_t prefix;
    uint32_t id;
  };
  std::vector<Place> places(count);
  for (uint32_t id = 0; id < count; ++id) {
    const std::string_view text = At(id).text;
    uint64_t prefix = 0;
    std::memcpy(&prefix, text.data(), std::min<size_t>(text.size(), 8));
    places[id] = {__builtin_bswap64(prefix), id};
  }
  std::sort(places.begin(), places.end(), [this](const Place& a, const Place& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : At(a.id).text < At(b.id).text;
  });
  std::vector<uint32_t> ranks(count);
  std::vector<Entry> sorted(count);
  for (uint32_t rank = 0; rank < count; ++rank) {
    ranks[places[rank].id] = rank;
    sorted[rank] = At(places[rank].id);
  }
  for (uint32_t id = 0; id < count; ++id) {
    chunks_[id >> kChunkBits].load(std::memory_order_relaxed)[id & ((1u << kChunkBits) - 1)] =
        sorted[id];
  }
  for (uint32_t i = 0; i < kShards; ++i) {
    for (uint32_t& slot : shards_[i].slots) {
      if (slot != 0) slot = ranks[slot - 1] + 1;
    }
  }
  return ranks;
}

std::vector<uint32_t> NameTable::Drop(const std::vector<bool>& dropped) {
  const uint32_t count = size();
  std::vector<uint32_t> ids(count, 0);
  uint32_t kept = 0;
  for (uint32_t id = 0; id < count; ++id) {
    if (dropped[id]) continue;
    chunks_[kept >> kChunkBits].load(std::memory_order_relaxed)[kept & ((1u << kChunkBits) - 1)] =
        At(id);
    ids[id] = kept++;
  }
  size_.store(kept, std::memory_order_release);
  for (uint32_t i = 0; i < kShards; ++i) {
    std::fill(shards_[i].slots.begin(), shards_[i].slots.end(), 0);
    shards_[i].used = 0;
  }
  for (uint32_t id = 0; id < kept; ++id) {
    Shard& shard = shards_[At(id).hash >> 58];
    size_t slot = At(id).hash & (shard.slots.size() - 1);
    while (shard.slots[slot] != 0) slot = (slot + 1) & (shard.slots.size() - 1);
    shard.slots[slot] = id + 1;
    ++shard.used;
  }
  return ids;
}

std::vector<uint32_t> Names::SortAttributes() {
  const uint32_t count = attributes.size();
  const AttributeKeys::Wanted wanted = attribute_keys.FindWanted();
  if (!wanted.some_left_out) return attributes.Sort();
  std::vector<bool> dropped(count, false);
  std::vector<uint32_t> instead(count, 0);  // id of the key alone
  for (uint32_t id = 1; id < count; ++id) {
    const AttributeParts parts = PartsOfAttribute(attributes.Text(id));
    const uint64_t key = NameTable::HashText(parts.key);
    const uint64_t value = parts.key_alone ? 0 : NameTable::HashText(parts.value);
    dropped[id] = !wanted.Has(key, !parts.key_alone, value) && !attribute_keys.Saved(id);
    if (dropped[id] && !parts.key_alone) instead[id] = wanted.IdOf(key);
  }
  std::vector<uint32_t> ids = attributes.Drop(dropped);
  const std::vector<uint32_t> ranks = attributes.Sort();
  for (uint32_t& id : ids) id = ranks[id];
  std::vector<uint32_t> all = ids;
  for (uint32_t id = 1; id < count; ++id) {
    if (dropped[id]) all[id] = ids[instead[id]];
  }
  return all;
}

NameRanks Names::Sort() {
  NameRanks ranks{services.Sort(), operations.Sort(), instances.Sort(), SortAttributes()};
  attribute_keys.Renumber(ranks.services, ranks.attributes);
  FindLeftOut();
  return ranks;
}

void Names::FindLeftOut() {
  may_be_left_out_.clear();
  if (!attribute_keys.some_left_out()) return;
  may_be_left_out_.resize(attributes.size(), 0);
  for (uint32_t id = 1; id < attributes.size(); ++id) {
    const AttributeParts parts = PartsOfAttribute(attributes.Text(id));
    may_be_left_out_[id] = attribute_keys.SomeLeaveOut(NameTable::HashText(parts.key));
  }
}

AttributeId Names::Kept(ServiceId service, AttributeId id) const {
  const AttributeParts parts = PartsOfAttribute(attributes.Text(Index(id)));
  const AttributeKeys::Key* key =
      attribute_keys.Find(Index(service), NameTable::HashText(parts.key));
  if (parts.key_alone || key == nullptr || !key->left_out) return id;
  return Id<AttributeId>(key->id);
}

NameCache::NameCache(NameTable& table) : table_(table), slots_(1024), mask_(1023) {}

uint32_t NameCache::Intern(std::string_view text, uint64_t hash) {
  size_t slot = hash & mask_;
  while (slots_[slot].text != nullptr) {
    const Slot& s = slots_[slot];
    if (s.hash == hash && s.size == text.size() &&
        std::memcmp(s.text, text.data(), text.size()) == 0) {
      return s.id;
    }
    slot = (slot + 1) & mask_;
  }
  return InternMiss(text, hash);
}

uint32_t NameCache::InternMiss(std::string_view text, uint64_t hash) {
  const uint32_t id = table_.Intern(text, hash);
  const std::string_view kept = table_.Text(id);
  if ((used_ + 1) * 2 > slots_.size()) Grow();
  size_t slot = hash & mask_;
  while (slots_[slot].text != nullptr) slot = (slot + 1) & mask_;
  // An empty name has no bytes of its own; any pointer but null marks the slot as taken.
  slots_[slot] = {hash, id, static_cast<uint32_t>(kept.size()), kept.data() ? kept.data() : ""};
  ++used_;
  return id;
}

void NameCache::Grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  mask_ = larger.size() - 1;
  for (const Slot& s : slots_) {
    if (s.text == nullptr) continue;
    size_t to = s.hash & mask_;
    while (larger[to].text != nullptr) to = (to + 1) & mask_;
    larger[to] = s;
  }
  slots_.swap(larger);
}

}  // namespace plumbago::model
