// One leaf of a Parquet file: so many rows at a time as the cells of a vector, with the levels that
// tell which rows and lists they belong to.
//
// Levels are read ahead of a row's end by up to a step, since only the next row's begin tells it.
// Values go with their levels, so what is read ahead is kept for the next rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "store/pages/chunk_pages.h"
#include "store/pages/growing_bytes.h"
#include "store/pages/schema_tree.h"
#include "store/pages/value_reader.h"

namespace plumbago::store {

class LeafReader {
 public:
  // `leaf` outlives it.
  explicit LeafReader(const SchemaNode& leaf) : leaf_(&leaf) {}

  void BeginGroup(const BytesAt& file, const ColumnChunk& chunk);
  // The next `rows`; those before are gone. `most_bytes`: of memory. Errors: kBadInput, damaged;
  // kResource, they need more.
  Result<void> ReadRows(size_t rows, Decompressor& decompressor, uint64_t most_bytes);

  const SchemaNode& leaf() const { return *leaf_; }
  size_t entries() const { return entries_; }
  const uint8_t* repetitions() const { return Levels(repetitions_); }  // of each entry
  const uint8_t* definitions() const { return Levels(definitions_); }
  size_t slots() const { return slots_; }
  size_t present() const { return present_; }       // of the slots, those that are not null
  const void* data() const { return data_; }        // a cell for each slot
  const uint64_t* valid() const { return valid_; }  // nullptr: no slot is null
  uint64_t bytes() const;                           // held

 private:
  static const uint8_t* Levels(const GrowingBytes& bytes) {
    return reinterpret_cast<const uint8_t*>(bytes.data());
  }
  // Reads up to `most` entries of the page at hand, or of the next. False: there are none.
  Result<bool> More(size_t most, Decompressor& decompressor);
  Result<bool> NextPage(Decompressor& decompressor);
  Result<void> ReadLevels(BitRuns& runs, uint8_t most, size_t count, GrowingBytes& levels);
  void FillSlots();
  template <size_t kCell>
  void Spread(char* out, uint64_t* bits) const;

  const SchemaNode* leaf_;
  size_t cell_ = 0;
  ChunkPages pages_;
  Page page_;
  uint32_t page_left_ = 0;  // entries of the page
  Dictionary dictionary_;
  bool has_dictionary_ = false;
  PaddedBytes dictionary_bytes_;
  ValueReader values_;
  // Buffers of pages: the one at hand, those whose texts the rows at hand look into, others.
  PaddedBytes buffer_;
  std::vector<PaddedBytes> looked_at_, spare_;
  // The rows at hand, and what was read ahead.
  GrowingBytes repetitions_, definitions_, dense_;
  size_t read_ = 0;     // entries in all
  size_t entries_ = 0;  // of the rows at hand
  size_t present_ = 0;  // values of them
  size_t slots_ = 0;
  GrowingBytes spread_, bits_;
  const void* data_ = nullptr;
  const uint64_t* valid_ = nullptr;
};

}  // namespace plumbago::store
