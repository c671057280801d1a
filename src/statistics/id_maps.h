// What the ids in a saved state are called here: each state numbers its names in the order of their
// texts, and a run that takes in several of them numbers all names together. Both follow the order
// of texts, so a map is increasing and what was sorted stays sorted.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace plumbago::statistics {

// What a part of a key stands for.
enum class KeyPart : uint8_t { kService, kOperation, kInstance, kAttribute, kPlain };

struct IdMaps {
  std::array<std::vector<uint32_t>, 4> of;  // by KeyPart; new ids by old ones

  // A state that is damaged may name an id beyond its names: false.
  bool Map(KeyPart part, uint32_t& id) const {
    if (part == KeyPart::kPlain) return true;
    const std::vector<uint32_t>& map = of[static_cast<size_t>(part)];
    if (id >= map.size()) return false;
    id = map[id];
    return true;
  }
};

}  // namespace plumbago::statistics
