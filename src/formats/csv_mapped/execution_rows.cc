#include "formats/alibaba/row_batch.h"
#include "formats/csv/malformed.h"
#include "formats/csv/rows.h"
#include "formats/csv_mapped/execution_maker.h"
#include "formats/csv_mapped/mapped_rows.h"

namespace plumbago::formats {
namespace {

// Decodes the rows of one block.
class ExecutionRows {
 public:
  ExecutionRows(const TableLayout& layout, const Block& block, DecodeContext& context)
      : layout_(layout),
        table_(layout.table),
        block_(block),
        context_(context),
        maker_(layout.table, context.names) {}

  void operator()(const csv::Row& row) {
    if (row.raw == layout_.header) return;  // files put together, each with its header
    const auto cell = [&](const FieldSource& field) -> ExecutionCell {
      if (!field.bound()) return {layout_.Text(row, field), {}};
      return {row[field.column], layout_.names[field.column]};
    };
    const ExecutionCells cells = {
        cell(table_.app),   cell(table_.function),     cell(table_.owner),    cell(table_.trigger),
        cell(table_.start), cell(table_.end),          cell(table_.duration), cell(table_.memory),
        cell(table_.cold),  cell(table_.cold_latency), cell(table_.wait),     cell(table_.skip)};
    model::Execution execution;
    ExecutionFault fault;
    if (!maker_.Make(cells, execution, fault)) {
      if (fault.field != nullptr) Malformed(row, *fault.field, fault.expected);
      return;
    }
    execution.origin = {block_.index, row.line};
    batch_.functions.executions.push_back(execution);
    if (batch_.functions.executions.size() >= alibaba::RowBatch::kRows) Flush();
  }

  void operator()(const csv::BadLine& bad) {
    csv::CountMalformed(block_, context_, bad, layout_.columns);
  }
  void Flush() {
    if (batch_.functions.empty()) return;
    context_.sink.Accept(batch_);
    batch_.Clear();
  }

 private:
  [[gnu::noinline]] void Malformed(const csv::Row& row, const FieldSource& field,
                                   std::string_view expected) {
    // A constant that is wrong, or a column that the table lacks, is said of the first one.
    const uint32_t column = field.bound() ? field.column : 0;
    csv::CountMalformed(block_, context_, row, column, layout_.names[column], expected);
  }

  const TableLayout& layout_;
  const TableMap& table_;
  const Block& block_;
  DecodeContext& context_;
  ExecutionMaker maker_;
  model::CallBatch batch_;
};

}  // namespace

void DecodeExecutions(const TableLayout& layout, const Block& block, DecodeContext& context) {
  alibaba::DecodeBlock<ExecutionRows>(layout, block, context);
}

}  // namespace plumbago::formats
