// Cold starts of Huawei's functions, 2025, a row a start (docs/formats/huawei-cold-starts.md).
#pragma once

#include "formats/csv/table_format.h"

namespace plumbago::formats::function_logs {

// Immutable; any thread.
class HuaweiStarts final : public csv::TableFormat {
 public:
  std::string_view name() const override { return "huawei-cold-starts"; }
  std::string_view help() const override {
    return "cold starts of Huawei's functions, 2025: day,time,clusterName,funcName,userID,...";
  }
  Match Sniff(std::string_view head, std::string_view path) const override;
  Result<std::unique_ptr<Decoder>> Open(std::string_view head,
                                        std::string_view path) const override;
  Result<std::unique_ptr<Encoder>> Write() const override;
};

// "pool24-600-512-0000577863": the pool's name, and what its instances may use.
struct Pool {
  std::string_view name;  // "pool24-600-512"; "": the text names none
  uint32_t cpu_millis = 0, memory_mb = 0;
};
Pool PoolOf(std::string_view pod);

}  // namespace plumbago::formats::function_logs
