// How a damaged trace is treated.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace plumbago::graph {

enum class RepairMode : uint8_t {
  kNone,      // as written: rows joined by id, linked by their ids, names as they are
  kAccurate,  // only undamaged traces
  kRpcid,     // one call an id, names filled in from the other side
  kPartial,   // everything that is certain; subtrees below an error are cut off
  kRebuild,   // every row placed where the evidence puts it, lost callers inserted
};
inline constexpr uint8_t kRepairModes = 5;

const char* RepairModeName(RepairMode mode);  // "none", "accurate", "rpcid", "partial", "rebuild"
const char* RepairModeHelp(RepairMode mode);
std::optional<RepairMode> ParseRepairMode(std::string_view name);

}  // namespace plumbago::graph
