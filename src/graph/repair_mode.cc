#include "graph/repair_mode.h"

#include <array>

namespace plumbago::graph {
namespace {

struct ModeInfo {
  RepairMode mode;
  const char* name;
  const char* help;
};

constexpr std::array<ModeInfo, kRepairModes> kModes = {{
    {RepairMode::kNone, "none",
     "as written: rows joined by id and callee, linked by their ids, names as they are"},
    {RepairMode::kAccurate, "accurate", "only undamaged traces; the others are dropped"},
    {RepairMode::kRpcid, "rpcid",
     "one call an id, linked by its id, names filled in from the other side's row"},
    {RepairMode::kPartial, "partial", "only what is certain; subtrees below an error are cut off"},
    {RepairMode::kRebuild, "rebuild",
     "every row placed where the evidence puts it, lost callers inserted"},
}};

}  // namespace

const char* RepairModeName(RepairMode mode) { return kModes[static_cast<size_t>(mode)].name; }
const char* RepairModeHelp(RepairMode mode) { return kModes[static_cast<size_t>(mode)].help; }

std::optional<RepairMode> ParseRepairMode(std::string_view name) {
  for (const ModeInfo& info : kModes) {
    if (name == info.name) return info.mode;
  }
  return std::nullopt;
}

}  // namespace plumbago::graph
