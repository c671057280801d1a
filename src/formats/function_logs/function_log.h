// The format `function-log`: executions of functions as JSON, an object each: one a line, or in an
// array (docs/formats/function-log.md). Which key is which a map tells, the user's or one that is
// built in: OpenWhisk's activation records, Knative's request logs, plain keys.
#pragma once

#include "formats/csv_mapped/column_map.h"
#include "formats/format.h"

namespace plumbago::formats::function_logs {

// Immutable; any thread. Its decoders do not refer to it.
class FunctionLog final : public Format {
 public:
  explicit FunctionLog(const ColumnMap& map = {});

  std::string_view name() const override { return "function-log"; }
  std::string_view help() const override {
    return "executions as JSON lines: OpenWhisk activations, Knative request logs, plain keys, or "
           "as --map says";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  size_t Cut(std::string_view text, bool end_of_file) const override;
  bool seekable() const override { return false; }
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;

 private:
  ColumnMap map_;
};

}  // namespace plumbago::formats::function_logs
