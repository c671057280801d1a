// The rows of repaired traces as text, and the log that says of each input row what became of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "engine/read_rows.h"
#include "engine/texts_in_order.h"
#include "engine/trace_walk.h"
#include "formats/block_source.h"
#include "graph/trace_builder.h"

namespace plumbago::engine {

// One thread's share. Call Merge, then Write... once.
class RepairedRows final : public TraceVisitor {
 public:
  // `rows` outlives it; text beyond a thread's share of the plan's memory goes to its spill file.
  RepairedRows(const ReadRows& rows, const formats::Encoder& encoder, graph::RepairMode mode,
               bool log);
  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override;
  void Release() override;
  Result<void> EndPartition(size_t partition) override;

  Result<void> Merge(RepairedRows&& other);
  // Traces in the order of their first rows in the input.
  Result<void> WriteRows(OutputFile& out) { return traces_.Write(out, encoder_.Between()); }
  // Header, then a line a usable input row in the order of the input:
  //   row           1-based data row of its file (the header is not counted)
  //   traceid
  //   written       the id as it stood in the row
  //   repaired      the id after the repair; empty for a row that the mode leaves out
  //   parent_row    a row of the parent call; `inserted` for a caller whose rows are lost; empty
  //                 for an entry call or when not known
  //   confidence    0..1, that the parent is right
  //   action        what was done, on what evidence; empty for nothing
  Result<void> WriteLog(OutputFile& out);

  const model::DamageCounts& damage() const { return damage_; }
  uint64_t rows_written() const { return rows_written_; }

 private:
  void Encode(std::span<const graph::Row> rows, const graph::CallGraph& graph);
  void Log(const model::TraceId& trace, std::span<const graph::Row> rows, bool built);

  const model::Names& names_;
  const formats::BlockSource& source_;
  const formats::Encoder& encoder_;
  graph::RepairMode mode_;
  bool log_;
  std::shared_ptr<SpillFile> spill_;
  size_t most_text_;
  std::unique_ptr<graph::TraceBuilder> builder_;
  model::DamageCounts damage_;
  uint64_t rows_written_ = 0;
  std::vector<graph::RowFate> fates_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> call_row_;
  model::CallBatch batch_;
  TextsInOrder traces_;
  TextsInOrder lines_;
};

}  // namespace plumbago::engine
