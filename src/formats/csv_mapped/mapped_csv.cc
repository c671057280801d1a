#include "formats/csv_mapped/mapped_csv.h"

#include <utility>

#include "formats/csv_mapped/mapped_rows.h"
#include "formats/csv_mapped/plain_layout.h"
#include "formats/csv_mapped/table_layout.h"

namespace plumbago::formats {
namespace {

class MappedDecoder final : public Decoder {
 public:
  explicit MappedDecoder(TableLayout layout) : layout_(std::move(layout)) {}
  void Decode(const Block& block, DecodeContext& context) const override {
    switch (layout_.table.rows) {
      case RowKind::kCalls:
        return DecodeCalls(layout_, block, context);
      case RowKind::kSamples:
        return DecodeSamples(layout_, block, context);
      case RowKind::kSiblingPairs:
        return DecodeSiblingPairs(layout_, block, context);
      case RowKind::kExecutions:
        return DecodeExecutions(layout_, block, context);
    }
  }
  uint64_t header_lines() const override { return layout_.header.empty() ? 0 : 1; }

 private:
  TableLayout layout_;
};

}  // namespace

MappedCsv::MappedCsv() : MappedCsv(ColumnMap{}) {}

MappedCsv::MappedCsv(ColumnMap map) : map_(std::move(map)) {
  map_.tables.insert(map_.tables.end(), PlainTables().begin(), PlainTables().end());
}

Match MappedCsv::Sniff(std::string_view head, std::string_view path) const {
  return FindTable(map_, head, path) == nullptr ? Match::kNo : Match::kYes;
}

Result<std::unique_ptr<Decoder>> MappedCsv::Open(std::string_view head,
                                                 std::string_view path) const {
  ASSIGN_OR_RETURN(TableLayout layout, BindTable(map_, head, path));
  return std::make_unique<MappedDecoder>(std::move(layout));
}

Result<std::unique_ptr<Encoder>> MappedCsv::Write() const {
  return std::make_unique<PlainEncoder>();
}

}  // namespace plumbago::formats
