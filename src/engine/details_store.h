// Details of rows (CallBatch::details), where a run wants them: written while rows are read, read
// while traces are visited. A row holds only where its details lie.
//
// Each reading thread appends to a chunk of its own; full chunks go to the spill file once more
// than the plan's share is in memory. Reading a spilled one costs a read of the file.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/spill_file.h"

namespace plumbago::engine {

class DetailsStore {
 public:
  // `spill` null: all stays in memory.
  DetailsStore(size_t most_resident, std::shared_ptr<SpillFile> spill)
      : most_resident_(most_resident), spill_(std::move(spill)) {}

  // A thread's way in. The store outlives it.
  class Writer {
   public:
    explicit Writer(DetailsStore& store) : store_(store) {}
    // The address under which `bytes` are found again. Errors: those of the spill file.
    Result<uint64_t> Add(std::string_view bytes);

   private:
    DetailsStore& store_;
    uint32_t chunk_ = 0;
    char* at_ = nullptr;
    char* begin_ = nullptr;
    size_t left_ = 0;
  };

  // Not while anybody adds; any number of threads. What is spilled is read into `scratch`.
  Result<std::string_view> Read(uint64_t address, uint32_t size, std::string& scratch) const;

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;  // null: spilled
    size_t size = 0;
    uint64_t offset = 0;  // in the spill file
  };
  // Ends `chunk`, of which `used` bytes are filled, and begins one with room for `size`.
  Result<uint32_t> Next(uint32_t chunk, size_t used, size_t size, char*& begin, size_t& room);

  const size_t most_resident_;
  const std::shared_ptr<SpillFile> spill_;
  std::mutex mutex_;
  std::deque<Chunk> chunks_;
  size_t resident_ = 0;
};

}  // namespace plumbago::engine
