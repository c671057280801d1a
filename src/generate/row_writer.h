// Puts the rows of one slice of time in order and turns them into text.
//
// Rows of one millisecond keep the order in which they are given: earlier blocks first, then as the walk made them.
// A counting sort by millisecond, then batches of 256 rows through the format's encoder. One object a thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/format.h"
#include "generate/row_arena.h"
#include "generate/trace_options.h"
#include "model/call_batch.h"
#include "model/names.h"

namespace plumbago::generate {

class RowWriter {
 public:
  RowWriter(const formats::Encoder& encoder, const model::Names& names, Order order)
      : encoder_(encoder), names_(names), order_(order) {}

  // Appends the text of all rows of `arenas` to `out`. Their times lie in [start_ms, start_ms + length_ms), unless
  // rows are ordered by trace.
  void Write(const std::vector<const RowArena*>& arenas, int64_t start_ms, int64_t length_ms,
             std::string& out);

 private:
  struct Ref {
    uint32_t arena = 0;
    uint32_t row = 0;
  };
  void Add(const RowArena& arena, const RowRecord& row, std::string& out);
  void Flush(std::string& out);
  void AddGarbage(const RowArena& arena, const RowRecord& row, std::string& out);

  const formats::Encoder& encoder_;
  const model::Names& names_;
  const Order order_;
  std::vector<uint32_t> slots_;  // by millisecond
  std::vector<Ref> refs_;
  model::CallBatch batch_;
  std::string line_;
};

}  // namespace plumbago::generate
