// Any bytes as rows of ClickHouse's JSON, in both shapes.
#include <cstdint>
#include <string>

#include "model/names.h"
#include "store/clickhouse/row_reader.h"

namespace {

class Nothing final : public plumbago::formats::BatchSink {
 public:
  void Accept(plumbago::model::CallBatch&) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbago;
  std::string text(reinterpret_cast<const char*>(data), size);
  text.append(64, '\0');
  for (const auto shape : {formats::json::Shape::kLines, formats::json::Shape::kDocuments}) {
    model::Names names;
    model::NameCaches caches(names);
    model::DamageCounts damage;
    Nothing sink;
    formats::DecodeContext context{caches, damage, sink, true};
    formats::Block block;
    block.first = true;
    block.text = std::string_view(text).substr(0, size);
    store::clickhouse::ReadRows(block, context, shape);
  }
  return 0;
}
