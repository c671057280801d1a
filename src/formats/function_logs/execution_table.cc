#include "formats/function_logs/execution_table.h"

#include "formats/csv_mapped/mapped_rows.h"
#include "formats/csv_mapped/table_layout.h"
#include "formats/function_logs/known_maps.h"

namespace plumbago::formats::function_logs {
namespace {

class TableDecoder final : public Decoder {
 public:
  explicit TableDecoder(TableLayout layout) : layout_(std::move(layout)) {}
  void Decode(const Block& block, DecodeContext& context) const override {
    DecodeExecutions(layout_, block, context);
  }
  uint64_t header_lines() const override { return layout_.header.empty() ? 0 : 1; }

 private:
  const TableLayout layout_;
};

}  // namespace

ExecutionTable::ExecutionTable(const ColumnMap& map) : map_(ExecutionsOf(map, KnownTables())) {}

Match ExecutionTable::Sniff(std::string_view head, std::string_view path) const {
  if (csv::BeginsLikeJson(csv::FirstLine(head))) return Match::kNo;
  return FindTable(map_, head, path) == nullptr ? Match::kNo : Match::kYes;
}

Result<std::unique_ptr<Decoder>> ExecutionTable::Open(std::string_view head,
                                                      std::string_view path) const {
  ASSIGN_OR_RETURN(TableLayout layout, BindTable(map_, head, path));
  return std::make_unique<TableDecoder>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> ExecutionTable::Write() const {
  return Fail(ErrorKind::kUnsupported, "logs of functions are read only");
}

}  // namespace plumbago::formats::function_logs
