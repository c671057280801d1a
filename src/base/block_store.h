// Blocks of bytes that lie somewhere and are read in order, as often as wanted: in a spill file, in
// a section of a saved state.
//
// Readers go on without asking about errors at each step: a cursor that meets trouble ends, and the
// store keeps the first error for whoever asks once at the end (SpillFile::status, StateFile).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/spill_file.h"

namespace plumbago {

class BlockCursor {
 public:
  virtual ~BlockCursor() = default;
  // The next block; false: there is none, or it cannot be read.
  virtual bool Next(std::string& block) = 0;
};

class BlockStore {
 public:
  virtual ~BlockStore() = default;
  // Thread-safe; the store must outlive the cursor.
  virtual std::unique_ptr<BlockCursor> Open() const = 0;
  // Told by a reader that cannot make sense of a block. Thread-safe.
  virtual void Damaged(std::string_view why) const = 0;
};

// Blocks in a spill file, in the order in which they were added.
class SpilledBlocks final : public BlockStore {
 public:
  explicit SpilledBlocks(std::shared_ptr<SpillFile> file) : file_(std::move(file)) {}
  Result<void> Add(std::string_view block);
  std::unique_ptr<BlockCursor> Open() const override;
  void Damaged(std::string_view why) const override;

 private:
  class Cursor;
  struct Extent {
    uint64_t offset = 0;
    uint64_t size = 0;
  };
  std::shared_ptr<SpillFile> file_;
  std::vector<Extent> extents_;
};

}  // namespace plumbago
