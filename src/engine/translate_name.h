// The new id of a name, once names were sorted (model::NameRanks).
#pragma once

#include <cstdint>
#include <vector>

#include "base/strong_id.h"

namespace plumbago::engine {

// `ranks`: of that kind of name; not empty.
template <class T>
void TranslateName(const std::vector<uint32_t>& ranks, T& id) {
  id = Id<T>(ranks[Index(id)]);
}

}  // namespace plumbago::engine
