// Writes our own schema (flat_schema.h). Encode packs spans as bytes, in the order of the output;
// the stage makes rows of them and, at the end, the file: by DuckDB, zstd, in row groups of
// 122,880. Until then rows wait in a table of DuckDB, which goes to $TMPDIR beyond its limit of
// memory.
#pragma once

#include "formats/format.h"

namespace plumbago::store {

class FlatEncoder final : public formats::Encoder {
 public:
  void Header(std::string&) const override {}
  void Encode(const model::CallBatch& batch, const model::Names& names,
              std::string& out) const override;
  bool wants_whole_traces() const override { return true; }
  bool wants_details() const override { return true; }
  Result<std::unique_ptr<FileStage>> Stage() const override;
};

}  // namespace plumbago::store
