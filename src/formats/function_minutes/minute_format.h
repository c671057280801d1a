// Tables with a column a minute as formats: what `plumbago functions` reads. They hold no calls, so
// they are not among Formats().
#pragma once

#include <memory>
#include <string_view>

#include "formats/csv/table_format.h"
#include "formats/format.h"
#include "formats/function_minutes/minute_table.h"

namespace plumbago::formats::function_minutes {

// Immutable; any thread.
class MinuteFormat final : public csv::TableFormat {
 public:
  explicit MinuteFormat(TableKind kind) : kind_(kind) {}
  std::string_view name() const override;
  std::string_view help() const override;
  Match Sniff(std::string_view head, std::string_view path) const override;
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;

 private:
  const TableKind kind_;
};

}  // namespace plumbago::formats::function_minutes
