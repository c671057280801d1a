// Packed spans (packed_span.h) to a Parquet file of our schema, through DuckDB: see flat_encoder.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "formats/spans/span_details.h"
#include "store/duckdb_library.h"
#include "store/parquet/packed_span.h"
#include "store/vector_writer.h"

namespace plumbago::store {

class FlatStage final : public FileStage {
 public:
  static Result<std::unique_ptr<FileStage>> Open();
  ~FlatStage() override;

  Result<void> Write(std::string_view packed) override;
  Result<void> Finish(const std::function<Result<void>(std::string_view)>& put) override;

 private:
  FlatStage() = default;
  Result<void> Start();
  Result<void> Do(const std::string& sql);
  Result<void> AddSpan(const PackedSpan& packed, std::string_view name, std::string_view details);
  Result<void> FlushChunk();
  tl::unexpected<Error> AppenderFailed(ErrorKind kind) const;
  void PutAttributes(size_t column, std::span<const formats::spans::Attribute> attributes);
  static void PutAttributes(ColumnWriter& map, ColumnWriter& types,
                            std::span<const formats::spans::Attribute> attributes,
                            std::string& scratch);

  const duckdb::Api* api_ = nullptr;
  duckdb::Connection connection_ = nullptr;
  duckdb::Appender appender_ = nullptr;
  duckdb::Chunk chunk_ = nullptr;
  std::vector<ColumnWriter> columns_;
  uint64_t rows_ = 0;  // of the chunk
  std::string rest_;   // a span that is not there whole yet
  model::Names no_names_;
  formats::spans::RestoredSpan restored_;
  std::string scratch_;
};

}  // namespace plumbago::store
