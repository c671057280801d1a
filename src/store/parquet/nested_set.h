// Where each span stands in the tree of its trace, as numbers that a query can join by: a span's
// descendants are those whose left lies between its left and its right (Tempo's nested sets).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/call.h"

namespace plumbago::store {

struct NestedSet {
  int32_t left = 0;  // from 1 on
  int32_t right = 0;
  int32_t depth = 0;  // of a root 0
};

// Of the spans of one trace, by their ids as written: a server's half is below the client's of the
// same id, a child below the server's half. Spans whose parent is not there are roots, as is one of
// each circle; a batch of several traces gives numbers that mean nothing. Linear but for the sort
// of ids; no recursion.
std::vector<NestedSet> NestedSetsOf(std::span<const model::Call> calls);

}  // namespace plumbago::store
