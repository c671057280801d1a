// Traces as they are, each whole, as the text of a format that wants them so (Jaeger's documents).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "engine/read_rows.h"
#include "engine/texts_in_order.h"
#include "engine/trace_walk.h"

namespace plumbago::engine {

// One thread's share. Call Merge, then Write once.
class WholeTraces final : public TraceVisitor {
 public:
  // `rows` outlives it; text beyond a thread's share of the plan's memory goes to its spill file.
  WholeTraces(const ReadRows& rows, const formats::Encoder& encoder);
  // A trace's rows in the order of the input.
  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override;
  Result<void> EndPartition(size_t partition) override;

  Result<void> Merge(WholeTraces&& other);
  // Traces in the order of their first rows in the input.
  Result<void> Write(OutputFile& out) { return traces_.Write(out, encoder_.Between()); }

  uint64_t rows_written() const { return rows_written_; }

 private:
  const ReadRows& rows_;
  const formats::Encoder& encoder_;
  const size_t most_text_;
  Result<void> status_;  // of reading details, and of rows without span ids
  uint64_t rows_written_ = 0;
  std::vector<uint32_t> order_;
  std::string scratch_;
  model::CallBatch batch_;
  TextsInOrder traces_;
};

}  // namespace plumbago::engine
