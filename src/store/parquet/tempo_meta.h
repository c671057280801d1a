// What meta.json beside a block of Grafana Tempo says of its columns.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace plumbago::store {

// A column that holds one attribute: scope ("span", "resource", "event"), column ("String01"), and
// the attribute's key.
struct DedicatedColumn {
  std::string scope;
  std::string column;
  std::string name;
};

struct TempoMeta {
  std::vector<DedicatedColumn> dedicated;
  int64_t traces = -1;  // -1: it does not say
};

// Nothing where there is no such file. Errors: kBadInput, it is no JSON.
Result<TempoMeta> ReadTempoMeta(const std::filesystem::path& file);

}  // namespace plumbago::store
