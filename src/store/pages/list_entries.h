// Which elements belong to which list: from the levels of a leaf below it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "store/column.h"
#include "store/pages/growing_bytes.h"
#include "store/pages/leaf_reader.h"

namespace plumbago::store {

class ListEntries {
 public:
  // Of `list`, by the rows that `leaf`, any of those below it, has at hand.
  void Fill(const SchemaNode& list, const LeafReader& leaf);

  const duckdb::ListEntry* data() const {
    return reinterpret_cast<const duckdb::ListEntry*>(entries_.data());
  }
  size_t size() const { return size_; }          // lists: slots of what they stand in
  size_t elements() const { return elements_; }  // of all: no entry reaches beyond

 private:
  GrowingBytes entries_;
  size_t size_ = 0;
  size_t elements_ = 0;
};

}  // namespace plumbago::store
