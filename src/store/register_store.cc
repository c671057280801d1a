#include "store/register_store.h"

#include "formats/format.h"
#include "store/clickhouse/table_json.h"
#include "store/parquet/parquet_format.h"
#include "store/tempo_folder.h"

namespace plumbago::store {

void RegisterStore() {
  static const ParquetFormat parquet;
  static const clickhouse::TableJson table_json;
  formats::RegisterFormat(&parquet);
  formats::RegisterFormat(&table_json);
  formats::RegisterInputFilter(&FilterTempoFolders);
}

}  // namespace plumbago::store
