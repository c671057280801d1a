#include <optional>
#include <string_view>

#include "base/strong_id.h"
#include "formats/alibaba/row_batch.h"
#include "formats/csv/malformed.h"
#include "formats/csv/rows.h"
#include "formats/csv_mapped/mapped_rows.h"
#include "model/sibling_pair.h"

namespace plumbago::formats {
namespace {

// Decodes the rows of one block.
class PairRows {
 public:
  PairRows(const TableLayout& layout, const Block& block, DecodeContext& context)
      : layout_(layout), table_(layout.table), block_(block), context_(context) {}

  void operator()(const csv::Row& row) {
    const FieldSource& call = table_.path_id.bound() ? table_.path_id : table_.span;
    const std::string_view trace = row[table_.trace.column];
    const std::string_view id = layout_.Text(row, call);
    const std::string_view word = layout_.Text(row, table_.overlap);
    if (layout_.IsMissing(trace)) return Malformed(row, table_.trace, "the id of a trace");
    if (layout_.IsMissing(id)) return Malformed(row, call, "the id of the call that made both");
    const std::optional<bool> overlap = table_.overlap.Find(word);
    if (!overlap) return Malformed(row, table_.overlap, "a word of the map's 'overlap'");
    model::SiblingPair& pair = batch_.pairs.emplace_back();
    pair.caller_call = model::SiblingCaller(model::TraceId::Parse(trace), id);
    const std::string_view caller = layout_.Text(row, table_.caller);
    if (!layout_.IsMissing(caller)) {
      const std::string_view name = table_.caller.rule.Apply(caller, matcher_);
      pair.caller = Id<model::ServiceId>(context_.names.services.Intern(name));
    }
    pair.overlap = *overlap;
    pair.origin = {block_.index, row.line};
    if (batch_.pairs.size() >= alibaba::RowBatch::kRows) Flush();
  }

  void operator()(const csv::BadLine& bad) {
    csv::CountMalformed(block_, context_, bad, layout_.columns);
  }
  void Flush() {
    if (batch_.pairs.empty()) return;
    context_.sink.Accept(batch_);
    batch_.Clear();
  }

 private:
  [[gnu::noinline]] void Malformed(const csv::Row& row, const FieldSource& field,
                                   std::string_view expected) {
    if (row.raw == layout_.header) return;  // files put together, each with its header
    csv::CountMalformed(block_, context_, row, field.column, layout_.names[field.column], expected);
  }

  const TableLayout& layout_;
  const TableMap& table_;
  const Block& block_;
  DecodeContext& context_;
  Pattern::Matcher matcher_;
  model::CallBatch batch_;
};

}  // namespace

void DecodeSiblingPairs(const TableLayout& layout, const Block& block, DecodeContext& context) {
  alibaba::DecodeBlock<PairRows>(layout, block, context);
}

}  // namespace plumbago::formats
