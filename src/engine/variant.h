// What analyses observe in parallel, so that every headline is known under every repair mode (docs/
// design/0002-variants.md): the undamaged traces, which look the same in all modes, and the damaged
// ones as each mode makes them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "graph/repair_mode.h"

namespace plumbago::engine {

// Damaged traces as written, rebuilt, dropped, and as the mode that was asked for builds them where
// that is another one.
enum class Variant : uint8_t { kAsWritten, kRebuilt, kAccurate, kAsked };
inline constexpr size_t kDamagedVariants = 4;

inline size_t Slot(Variant variant) { return static_cast<size_t>(variant); }

inline Variant VariantOf(graph::RepairMode mode) {
  switch (mode) {
    case graph::RepairMode::kNone:
      return Variant::kAsWritten;
    case graph::RepairMode::kRebuild:
      return Variant::kRebuilt;
    case graph::RepairMode::kAccurate:
      return Variant::kAccurate;
    case graph::RepairMode::kRpcid:
    case graph::RepairMode::kPartial:
      break;
  }
  return Variant::kAsked;
}

}  // namespace plumbago::engine
